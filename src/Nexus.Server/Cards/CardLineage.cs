using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Lineage;
using Nexus.Server.Storage;

namespace Nexus.Server.Cards;

/// <summary>What cards are made of: the ids in their header's <c>artifact_refs</c>.</summary>
internal static class CardLineage
{
    /// <summary>Longest id that counts as one.</summary>
    private const int MaxId = 200;

    /// <summary>Cards in a graph, deleted ones included.</summary>
    public static LineageKind Kind { get; } = new("card", FindAsync);

    /// <summary>The ids that a header refers to; what is too long for an id is the card's own matter.</summary>
    public static string[] Refs(string header)
    {
        if (!header.Contains("\"artifact_refs\"", StringComparison.Ordinal))
        {
            return [];
        }

        using var json = JsonDocument.Parse(header);
        return json.RootElement.TryGetProperty("artifact_refs", out var refs) && refs.ValueKind == JsonValueKind.Array
            ? [.. refs.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!).Where(id => id.Length is >= 1 and <= MaxId).Distinct(StringComparer.Ordinal)]
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
            Kind = "card", Id = row.CardId, Label = row.Title ?? row.CardType, CreatedAt = Times.FromMicros(row.CreatedAt), Erased = row.Deleted ? true : null,
        });
    }
}
