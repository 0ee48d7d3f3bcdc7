using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>Wires cards.</summary>
internal static class CardServices
{
    public static void AddCards(this IServiceCollection services)
    {
        services.AddSingleton<CardStore>();
        services.AddSingleton(CardLineage.Kind);
        services.AddSingleton<IPersonalData, CardPersonalData>();
    }
}
