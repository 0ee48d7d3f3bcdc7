using System.Text.Json;
using Nexus.Server.Cards;
using Nexus.Server.Storage;

namespace Nexus.Server.Search;

/// <summary>Where an index follows the store: the card changes of one tenant and env in the order of its log.</summary>
internal sealed class CardFeed(Database database)
{
    /// <summary>The changes of a scope.</summary>
    public CardChanges Of(Scope scope) => async (cursor, cancellation) =>
    {
        var rows = await database.ReadAsync(scope, session => CardStore.ChangesAsync(session, cursor, SearchIndexes.Batch), cancellation);
        return rows.ConvertAll(row => row.Deleted
            ? IndexedCard.Gone(row.CardId, row.Seq)
            : new IndexedCard(row.CardId, row.Seq, false, row.CardType, row.Version, Title(row.Header), row.BodyText, row.Header, row.CreatedAt));
    };

    private static string? Title(string header)
    {
        using var json = JsonDocument.Parse(header);
        return json.RootElement.TryGetProperty("title", out var title) && title.ValueKind == JsonValueKind.String ? title.GetString() : null;
    }
}
