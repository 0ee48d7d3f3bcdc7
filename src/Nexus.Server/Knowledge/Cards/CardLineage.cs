using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>What cards are made of: the ids in their header's <c>artifact_refs</c>.</summary>
internal static class CardLineage
{
    /// <summary>Cards in a graph, deleted ones included.</summary>
    public static LineageKind Kind { get; } = new("card", FindAsync);

    /// <summary>Says what a new card is made of.</summary>
    public static ValueTask AddAsync(WriteSession session, string cardId, string header) => LineageLinks.AddAsync(session, cardId, ReadArtifactRefs(header), "artifact_ref");

    /// <summary>Says what a card's newest revision is made of. What an earlier one was made of stays: packs may hold that one's text.</summary>
    public static async ValueTask UpdateAsync(WriteSession session, string cardId, string header)
    {
        await LineageLinks.RelabelAsync(session, cardId, "earlier_artifact_ref");
        await AddAsync(session, cardId, header);
    }

    /// <summary>The ids that a header refers to; what has not the form of one is the card's own matter.</summary>
    private static string[] ReadArtifactRefs(string header)
    {
        if (!header.Contains("\"artifact_refs\"", StringComparison.Ordinal))
        {
            return [];
        }

        using var json = JsonDocument.Parse(header);
        return json.RootElement.TryGetProperty("artifact_refs", out var refs) && refs.ValueKind == JsonValueKind.Array
            ? [.. refs.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!).Where(LineageLinks.IsId).Distinct(StringComparer.Ordinal)]
            : [];
    }

    private static async ValueTask<List<LineageNode>> FindAsync(ReadSession session, string[] ids)
    {
        var rows = await session.QueryAsync<CardRow>(
            $"""
            select card_id as CardId, card_type as CardType, header, created_at as CreatedAt, deleted
            from cards where tenant_id = @TenantId and env = @Env and {session.In("card_id", "ids")} order by card_id
            """,
            new { session.Scope.TenantId, session.Scope.Env, ids });
        return rows.ConvertAll(row => new LineageNode
        {
            Kind = "card", Id = row.CardId, Label = row.Title ?? row.CardType, CreatedAt = Timestamps.FromMicros(row.CreatedAt), Erased = row.Deleted ? true : null,
        });
    }
}
