using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>The lineage of cards: the ids in the header's <c>artifact_refs</c>.</summary>
internal static class CardLineage
{
    /// <summary>Looks up card nodes, including deleted cards.</summary>
    public static LineageKind Kind { get; } = new("card", FindAsync);

    /// <summary>Records what a new card was made from.</summary>
    public static ValueTask AddAsync(WriteSession session, string cardId, string header) =>
        LineageLinks.AddAsync(session, cardId, ReadArtifactRefs(header), "artifact_ref");

    /// <summary>
    /// Records what the newest revision was made from. Links of earlier revisions stay, because packs may contain their text.
    /// </summary>
    public static async ValueTask UpdateAsync(WriteSession session, string cardId, string header)
    {
        await LineageLinks.RelabelAsync(session, cardId, "earlier_artifact_ref");
        await AddAsync(session, cardId, header);
    }

    /// <summary>Returns the ids in the header's references. Values that are not in the form of an id are ignored.</summary>
    private static string[] ReadArtifactRefs(string header)
    {
        if (!header.Contains("\"artifact_refs\"", StringComparison.Ordinal))
        {
            return [];
        }

        using var json = JsonDocument.Parse(header);
        return json.RootElement.TryGetProperty("artifact_refs", out var refs) && refs.ValueKind == JsonValueKind.Array
            ? [.. refs.EnumerateArray()
            .Where(one => one.ValueKind == JsonValueKind.String)
            .Select(one => one.GetString()!)
            .Where(LineageLinks.IsId)
            .Distinct(StringComparer.Ordinal)]
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
            Kind = "card", Id = row.CardId, Label = row.Title
                ?? row.CardType, CreatedAt = Timestamps.FromMicros(row.CreatedAt), Erased = row.Deleted
                ? true
                : null,
        });
    }
}
