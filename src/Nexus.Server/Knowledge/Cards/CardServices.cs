using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>Wires cards.</summary>
internal static class CardServices
{
    public static void AddCards(this IServiceCollection services)
    {
        services.AddTables(
            typeof(CardServices),
            new TableDeclaration("cards"),
            new TableDeclaration("card_revisions"),
            new TableDeclaration("card_embeddings"));
        services.AddSingleton<CardStore>();
        services.AddSingleton(CardLineage.Kind);
        services.AddSingleton<IPersonalData, CardPersonalData>();
    }
}
