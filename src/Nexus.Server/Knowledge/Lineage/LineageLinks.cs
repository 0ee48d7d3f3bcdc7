using System.Text.RegularExpressions;
using Nexus.Client;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Lineage;

/// <summary>
/// Stores what was made from what. A slice writes the links in the same transaction as the thing itself. Ids are enough, because
/// no two kinds share one.
/// </summary>
internal static partial class LineageLinks
{
    /// <summary>
    /// Returns whether the text has the form of a generated id: a UUID, or a prefix and a hash. Only those become links. Links
    /// therefore contain no user text and may stay when the text is erased.
    /// </summary>
    public static bool IsId(string text) => Form().IsMatch(text);

    /// <summary>Records what a thing was made from. If a link exists, only its <paramref name="how"/> is updated.</summary>
    public static async ValueTask AddAsync(WriteSession session, string toId, IReadOnlyList<string> fromIds, string how)
    {
        if (fromIds.Count > 0)
        {
            await session.ExecuteManyAsync(
                """
                insert into lineage_links (tenant_id, env, from_id, to_id, how) values ($1, $2, $3, $4, $5)
                  on conflict (tenant_id, env, from_id, to_id) do update set how = excluded.how
                """,
                [.. fromIds.Select(fromId => new object?[] { session.Scope.TenantId, session.Scope.Env, fromId, toId, how })]);
        }
    }

    /// <summary>Changes the <paramref name="how"/> of all existing links to a thing's sources, before new ones are added.</summary>
    public static async ValueTask RelabelAsync(WriteSession session, string toId, string how) =>
        await session.ExecuteAsync(
            "update lineage_links set how = @how where tenant_id = @TenantId and env = @Env and to_id = @toId and how <> @how",
            new { session.Scope.TenantId, session.Scope.Env, toId, how });

    /// <summary>
    /// Deletes all links of erased things and queues everything derived from them for the same erasure. A normal deletion keeps
    /// the links; an erasure must leave nothing that says what a thing was made from.
    /// </summary>
    /// <param name="session">The transaction that erases the things.</param>
    /// <param name="these">
    /// Builds an SQL condition on an id column. It may use the parameters <c>TenantId</c>, <c>Env</c> and <c>ids</c>.
    /// </param>
    /// <param name="ids">The parameter <c>ids</c> of that condition.</param>
    public static async ValueTask EraseAsync(WriteSession session, string erasureId, Func<string, string> these, string[] ids)
    {
        var key = new { session.Scope.TenantId, session.Scope.Env, erasureId, ids };
        await session.ExecuteAsync(
            $"""
            {ErasureItemStore.InsertSql} select distinct tenant_id, env, @erasureId, to_id, false from lineage_links
            where tenant_id = @TenantId and env = @Env and {these("from_id")}{ErasureItemStore.OnConflictDoNothingSql}
            """,
            key);
        await session.ExecuteAsync(
            $"delete from lineage_links where tenant_id = @TenantId and env = @Env and ({these("from_id")} or {these("to_id")})",
            key);
    }

    /// <summary>Returns an SQL condition that is true if something was derived from a thing.</summary>
    /// <param name="column">The id column as literal SQL. The query must have the parameters <c>TenantId</c> and <c>Env</c>.</param>
    public static string HasDerivedCondition(string column) =>
        $"exists (select 1 from lineage_links l where l.tenant_id = @TenantId and l.env = @Env and l.from_id = {column})";

    /// <inheritdoc cref="FindLinks" />
    public static async ValueTask<List<LineageEdge>> FindAsync(ReadSession session, bool upwards, string[] ids, int limit)
    {
        var (near, order) = upwards ? ("to_id", "to_id, from_id") : ("from_id", "to_id desc, from_id");
        var links = await session.QueryAsync<(string From, string To, string How)>(
            $"""
            select from_id, to_id, how from lineage_links where tenant_id = @TenantId and env = @Env and {session.In(near, "ids")}
              order by {order} limit @limit
            """,
            new { session.Scope.TenantId, session.Scope.Env, limit, ids });
        return links.ConvertAll(link => new LineageEdge(link.From, link.To, link.How));
    }

    [GeneratedRegex(
        @"\A(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{3}_[0-9a-f]{64})\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
