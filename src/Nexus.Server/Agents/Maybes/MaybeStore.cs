using System.Text.Json.Nodes;
using Dapper;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Agents.Maybes;

/// <summary>
/// Stores items. Every write records an event with the item's id and size, but never its text. An item belongs to a user; admins
/// may read other users' items, and owners may change them.
/// </summary>
internal sealed class MaybeStore(EventLog log)
{
    /// <summary>
    /// The approximate maximum number of bytes of text in a page, so that 500 long items do not fill the memory. Fifty items of
    /// maximum size fit.
    /// </summary>
    private const long MaxListed = 16 << 20;

    private const string Columns =
        """
        item_id as ItemId, user_id as UserId, space, title, body, tags, source_type as SourceType, source_engine as SourceEngine,
        source_ref as SourceRef, pinned, archived,
        created_at as CreatedAt, updated_at as UpdatedAt, seq
        """;

    /// <summary>Stores a new item and records <c>maybes:create</c>.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<MaybeRow> CreateAsync(WriteSession session, RequestContext context, MaybeRequest sent, string sourceRef)
    {
        var row = new MaybeRow
        {
            ItemId = Id.New(),
            UserId = sent.UserId ?? context.UserId,
            Space = sent.Space,
            Title = sent.Title,
            Body = sent.Body,
            Tags = MaybeRow.JoinTags(sent.Tags ?? []),
            SourceType = sent.SourceType ?? "agent",
            SourceEngine = sent.SourceEngine,
            SourceRef = sourceRef,
            Pinned = sent.Pinned ?? false,
            Archived = sent.Archived ?? false,
        };
        await session.BatchState<UsageBatchState>().AddAsync(session, row.Bytes);
        var recorded = await log.AppendAsync(
            session,
            context,
            CreateEvent("maybes:create", context, row) with
            {
                Input = new JsonObject { ["source_type"] = row.SourceType, ["bytes"] = row.Bytes },
            });
        row = row with { CreatedAt = recorded.RecordedAt, UpdatedAt = recorded.RecordedAt, Seq = recorded.Seq };
        await session.ExecuteAsync(
            """
            insert into maybes (tenant_id, env, item_id, user_id, space, title, body, folded, tags, source_type, source_engine, source_ref,
              pinned, archived, bytes, created_at, updated_at, seq)
            values (@TenantId, @Env, @ItemId, @UserId, @Space, @Title, @Body, @Folded, @Tags, @SourceType, @SourceEngine, @SourceRef,
              @Pinned, @Archived, @Bytes, @CreatedAt, @UpdatedAt, @Seq)
            """,
            row.ToParameters(session.Scope));
        return row;
    }

    /// <summary>
    /// Updates the given fields of an item and records <c>maybes:update</c>. Concurrent updates of different fields both take
    /// effect.
    /// </summary>
    /// <exception cref="ProblemException">404; 403 <c>auth.role</c> or <c>quota.exceeded</c>.</exception>
    public async ValueTask<MaybeRow> UpdateAsync(WriteSession session, RequestContext context, string id, MaybeUpdate sent)
    {
        // The transaction holds the log's lock, so no other write changes the item before the commit.
        var before = await GetForUpdateAsync(session, context, id);
        var row = before with
        {
            Title = sent.Title ?? before.Title,
            Body = sent.Body ?? before.Body,
            Tags = sent.Tags is { } tags ? MaybeRow.JoinTags(tags) : before.Tags,
            Pinned = sent.Pinned ?? before.Pinned,
            Archived = sent.Archived ?? before.Archived,
        };
        await session.BatchState<UsageBatchState>().AddAsync(session, row.Bytes - before.Bytes);
        var recorded = await log.AppendAsync(
            session,
            context,
            CreateEvent("maybes:update", context, row) with
            {
                Input = new JsonObject { ["changed"] = ListChangedFields(sent), ["bytes"] = row.Bytes },
            });
        row = row with { UpdatedAt = recorded.RecordedAt, Seq = recorded.Seq };
        await session.ExecuteAsync(
            """
            update maybes set title = @Title, body = @Body, folded = @Folded, tags = @Tags, pinned = @Pinned, archived = @Archived,
              bytes = @Bytes, updated_at = @UpdatedAt, seq = @Seq
            where tenant_id = @TenantId and env = @Env and item_id = @ItemId
            """,
            row.ToParameters(session.Scope));
        return row;
    }

    /// <summary>Deletes an item and records <c>maybes:delete</c>.</summary>
    /// <exception cref="ProblemException">404; 403 <c>auth.role</c>.</exception>
    public async ValueTask DeleteAsync(WriteSession session, RequestContext context, string id)
    {
        var row = await GetForUpdateAsync(session, context, id);
        await session.BatchState<UsageBatchState>().AddAsync(session, -row.Bytes);
        await log.AppendAsync(session, context, CreateEvent("maybes:delete", context, row));
        await session.ExecuteAsync(
            "delete from maybes where tenant_id = @TenantId and env = @Env and item_id = @id",
            new { session.Scope.TenantId, session.Scope.Env, id });
    }

    /// <summary>Returns an item visible to the caller: their own, or any item for an admin. Null otherwise.</summary>
    public static async ValueTask<MaybeRow?> FindAsync(ReadSession session, RequestContext context, string id)
    {
        var row = await session.FirstOrDefaultAsync<MaybeRow>(
            $"select {Columns} from maybes where tenant_id = @TenantId and env = @Env and item_id = @id",
            new { session.Scope.TenantId, session.Scope.Env, id });
        return row is not null && (context.Role >= Role.Admin || IsOwn(context, row)) ? row : null;
    }

    /// <summary>Returns a page of a user's items, newest first.</summary>
    /// <param name="limit">The maximum number of items. A page of long items has fewer, but at least one.</param>
    /// <param name="offset">The number of items to skip.</param>
    public static async ValueTask<List<MaybeRow>> ListAsync(ReadSession session, MaybeFilter filter, int limit, long offset)
    {
        var parameters = new DynamicParameters(new { limit, offset });
        var sizes = await session.QueryAsync<(string ItemId, long Bytes)>(
            $"""
            select item_id, bytes from maybes where {filter.BuildWhere(session.Scope, parameters)}
              order by created_at desc, item_id desc limit @limit offset @offset
            """,
            parameters);
        long listed = 0;
        string[] ids = [.. sizes.TakeWhile((item, at) => (listed += item.Bytes) <= MaxListed || at == 0).Select(item => item.ItemId)];
        return ids.Length == 0
            ? []
            : await session.QueryAsync<MaybeRow>(
                $"""
                select {Columns} from maybes where tenant_id = @TenantId and env = @Env and {session.In("item_id", "ids")}
                  order by created_at desc, item_id desc
                """,
                new { session.Scope.TenantId, session.Scope.Env, ids });
    }

    /// <summary>Returns items by id, regardless of their user.</summary>
    public static ValueTask<List<MaybeRow>> FindAsync(ReadSession session, string[] ids) => session.QueryAsync<MaybeRow>(
        $"select {Columns} from maybes where tenant_id = @TenantId and env = @Env and {session.In("item_id", "ids")} order by item_id",
        new { session.Scope.TenantId, session.Scope.Env, ids });

    private static async ValueTask<MaybeRow> GetForUpdateAsync(WriteSession session, RequestContext context, string id)
    {
        var row = await FindAsync(session, context, id) ?? throw new ProblemException(Problem.NotFound);
        return context.Role >= Role.Owner || IsOwn(context, row)
            ? row
            : throw new ProblemException(AuthProblems.InsufficientRole(Role.Owner));
    }

    private static bool IsOwn(RequestContext context, MaybeRow row) => string.Equals(row.UserId, context.UserId, StringComparison.Ordinal);

    /// <summary>Creates an item's event. If the caller is not the item's user, the user is the event's subject.</summary>
    private static NewEvent CreateEvent(string type, RequestContext context, MaybeRow row) => new(type, "maybe", row.ItemId)
    {
        Surface = "maybes",
        SubjectId = IsOwn(context, row) ? null : row.UserId,
        Metadata = new JsonObject { ["item_id"] = row.ItemId },
    };

    private static JsonArray ListChangedFields(MaybeUpdate sent)
    {
        (string Name, bool IsGiven)[] members =
            [("title", sent.Title is not null), (
                "body",
                sent.Body is not null), ("tags", sent.Tags is not null), ("pinned", sent.Pinned is not null),
                ("archived", sent.Archived is not null)];
        return [.. members.Where(member => member.IsGiven).Select(member => (JsonNode)member.Name)];
    }
}
