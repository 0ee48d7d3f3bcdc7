using System.Text;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>Stores cards. Every write records its event, and every query is limited to one tenant and env.</summary>
internal sealed class CardStore(EventLog log)
{
    /// <summary>The approximate maximum number of body characters in a page, so that a hundred long cards do not fill the memory.</summary>
    private const long MaxListed = 4 << 20;

    private const string Columns =
        """
        card_id as CardId, revision, version, card_type as CardType, header, full_text as FullText, body_start as BodyStart,
        body_length as BodyLength, subject_id as SubjectId,
        created_at as CreatedAt, created_by as CreatedBy, updated_at as UpdatedAt, updated_by as UpdatedBy, seq, deleted
        """;

    private const string InsertSql =
        """
        insert into cards (tenant_id, env, card_id, revision, version, card_type, header, full_text, body_start, body_length, subject_id,
          created_at, created_by, updated_at, updated_by, seq, deleted)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """;

    /// <summary>Creates a card and records <c>card_created</c>.</summary>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<CardRow> CreateAsync(WriteSession session, RequestContext context, CardText text)
    {
        await session.BatchState<UsageBatchState>().AddAsync(session, Encoding.UTF8.GetByteCount(text.FullText));
        var id = Id.New();
        var recorded = await log.AppendAsync(session, context, CreateEvent("card_created", id, 1, text));
        var row = CreateRow(id, 1, text, recorded, context.UserId, null);
        await session.ExecuteManyAsync(InsertSql, [row.ToColumnValues(session.Scope)]);
        await CardLineage.AddAsync(session, id, text.HeaderJson);
        return row;
    }

    /// <summary>Stores a new revision, keeps the previous one, and records <c>card_updated</c>.</summary>
    /// <exception cref="ProblemException">404; 412 or 428 from <paramref name="match"/>; 403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<CardRow> UpdateAsync(
        WriteSession session, RequestContext context, string cardId, CardText text, Action<int> match)
    {
        var before = await GetForUpdateAsync(session, cardId);
        match(before.Revision);
        await session.BatchState<UsageBatchState>().AddAsync(session, Encoding.UTF8.GetByteCount(text.FullText));
        await session.ExecuteAsync(
            """
            insert into card_revisions (tenant_id, env, card_id, revision, version, card_type, header, full_text, body_start, body_length,
              created_at, created_by)
            values (@TenantId, @Env, @CardId, @Revision, @Version, @CardType, @Header, @FullText, @BodyStart, @BodyLength, @UpdatedAt,
              @UpdatedBy)
            """,
            before.ToParameters(session.Scope));
        var recorded = await log.AppendAsync(session, context, CreateEvent("card_updated", cardId, before.Revision + 1, text));
        var row = CreateRow(cardId, before.Revision + 1, text, recorded, context.UserId, before);
        await session.ExecuteAsync(
            """
            update cards set revision = @Revision, version = @Version, card_type = @CardType, header = @Header, full_text = @FullText,
              body_start = @BodyStart,
              body_length = @BodyLength, subject_id = @SubjectId, updated_at = @UpdatedAt, updated_by = @UpdatedBy, seq = @Seq
            where tenant_id = @TenantId and env = @Env and card_id = @CardId
            """,
            row.ToParameters(session.Scope));
        await CardEmbeddingStore.DeleteAsync(session, cardId);
        await CardLineage.UpdateAsync(session, cardId, text.HeaderJson);
        return row;
    }

    /// <summary>Deletes a card's text and all its revisions, and records <c>card_deleted</c>.</summary>
    /// <exception cref="ProblemException">404, or 412 from <paramref name="match"/>.</exception>
    public async ValueTask DeleteAsync(WriteSession session, RequestContext context, string cardId, Action<int> match)
    {
        var before = await GetForUpdateAsync(session, cardId);
        match(before.Revision);
        var key = new { session.Scope.TenantId, session.Scope.Env, cardId };
        var earlier = await session.QueryAsync<string>(
            "select full_text from card_revisions where tenant_id = @TenantId and env = @Env and card_id = @cardId",
            key);
        await session.BatchState<UsageBatchState>()
            .AddAsync(session, -earlier.Append(before.FullText).Sum(text => (long)Encoding.UTF8.GetByteCount(text)));
        var recorded = await log.AppendAsync(
            session,
            context,
            new NewEvent("card_deleted", "card", cardId)
            {
                SubjectId = before.SubjectId,
                Input = new JsonObject { ["revision"] = before.Revision },
            });
        await session.ExecuteAsync("delete from card_revisions where tenant_id = @TenantId and env = @Env and card_id = @cardId", key);
        await session.ExecuteAsync(
            """
            update cards set header = '{}', full_text = '', body_start = 0, body_length = 0, subject_id = null, updated_at = @RecordedAt,
              updated_by = @UserId, seq = @Seq, deleted = true
            where tenant_id = @TenantId and env = @Env and card_id = @cardId
            """,
            new { session.Scope.TenantId, session.Scope.Env, cardId, recorded.RecordedAt, context.UserId, recorded.Seq });
        await CardEmbeddingStore.DeleteAsync(session, cardId);
    }

    /// <summary>Returns the newest revision of a card, or null if it does not exist.</summary>
    public static async ValueTask<CardRow?> FindAsync(ReadSession session, string cardId) =>
        await session.FirstOrDefaultAsync<CardRow>(
            $"select {Columns} from cards where tenant_id = @TenantId and env = @Env and card_id = @cardId and not deleted",
            new { session.Scope.TenantId, session.Scope.Env, cardId });

    /// <summary>Returns the newest revisions of the cards. Ids that do not exist are omitted.</summary>
    public static ValueTask<List<CardRow>> FindAsync(ReadSession session, string[] cardIds) =>
        session.QueryAsync<CardRow>(
            $"""
            select {Columns} from cards where tenant_id = @TenantId and env = @Env and {session.In("card_id", "cardIds")}
              and not deleted
            """,
            new { session.Scope.TenantId, session.Scope.Env, cardIds });

    /// <summary>How many of some cards are there.</summary>
    public static ValueTask<long> CountAsync(ReadSession session, string[] cardIds) =>
        session.FirstOrDefaultAsync<long>(
            $"select count(*) from cards where tenant_id = @TenantId and env = @Env and {session.In("card_id", "cardIds")} and not deleted",
            new { session.Scope.TenantId, session.Scope.Env, cardIds });

    /// <summary>Returns a page of cards, newest first.</summary>
    /// <param name="cardType">Returns only cards of this type; null for all.</param>
    /// <param name="createdAfter">Returns only cards created after this time, in Unix microseconds; null for all.</param>
    /// <param name="before">Returns only ids before this one; null for the first page. Ids are ordered by time.</param>
    /// <param name="limit">The maximum number of cards. A page of long cards has fewer, but at least one.</param>
    /// <returns>The cards, and whether this is the last page.</returns>
    public static async ValueTask<(List<CardRow> Cards, bool IsLast)> ListAsync(
        ReadSession session, string? cardType, long? createdAfter, string? before, int limit)
    {
        var keys = await session.QueryAsync<(string CardId, int Length)>(
            "select card_id, body_length from cards where tenant_id = @TenantId and env = @Env and not deleted"
            + (cardType is null ? "" : " and card_type = @cardType")
            + (createdAfter is null ? "" : " and created_at > @createdAfter")
            + (before is null ? "" : " and card_id < @before")
            + " order by card_id desc limit @most",
            new { session.Scope.TenantId, session.Scope.Env, cardType, createdAfter, before, most = limit + 1 });
        var taken = 0;
        for (long length = 0; taken < Math.Min(keys.Count, limit) && (taken == 0 || length + keys[taken].Length <= MaxListed); taken++)
        {
            length += keys[taken].Length;
        }

        var cards = await FindAsync(session, [.. keys.Take(taken).Select(key => key.CardId)]);
        cards.Sort((one, other) => string.CompareOrdinal(other.CardId, one.CardId));
        return (cards, taken == keys.Count);
    }

    /// <summary>
    /// Returns a page of a card's revisions below <paramref name="before"/>, newest first, including the current one. Empty if
    /// the card does not exist.
    /// </summary>
    public static async ValueTask<List<CardRow>> ListRevisionsAsync(ReadSession session, string cardId, long before, int limit)
    {
        if (await FindAsync(session, cardId) is not { } newest)
        {
            return [];
        }

        var earlier = await session.QueryAsync<CardRow>(
            """
            select card_id as CardId, revision, version, card_type as CardType, header, full_text as FullText, body_start as BodyStart,
              body_length as BodyLength,
              created_at as UpdatedAt, created_by as UpdatedBy
            from card_revisions where tenant_id = @TenantId and env = @Env and card_id = @cardId and revision < @before
              order by revision desc limit @limit
            """,
            new { session.Scope.TenantId, session.Scope.Env, cardId, before, limit });
        return newest.Revision < before ? [newest, .. earlier] : earlier;
    }

    /// <summary>
    /// Returns the <c>seq</c> and text size in bytes of each card changed after an event, including deleted cards. Commits to one
    /// log become visible in log order, so a projection that has seen a <c>seq</c> has seen all earlier ones.
    /// </summary>
    public static ValueTask<List<(long Seq, long Bytes)>> ListChangeSizesAsync(ReadSession session, long after, int limit) =>
        session.QueryAsync<(long Seq, long Bytes)>(
            """
            select seq, cast(octet_length(full_text) as bigint) as bytes from cards
              where tenant_id = @TenantId and env = @Env and seq > @after order by seq limit @limit
            """,
            new { session.Scope.TenantId, session.Scope.Env, after, limit });

    /// <summary>Returns the cards changed after one event and up to another, in log order, including deleted cards.</summary>
    public static ValueTask<List<CardRow>> ListChangesAsync(ReadSession session, long after, long last) =>
        session.QueryAsync<CardRow>(
            $"select {Columns} from cards where tenant_id = @TenantId and env = @Env and seq > @after and seq <= @last order by seq",
            new { session.Scope.TenantId, session.Scope.Env, after, last });

    private static async ValueTask<CardRow> GetForUpdateAsync(WriteSession session, string cardId) =>
        await FindAsync(session, cardId) ?? throw new ProblemException(Problem.NotFound);

    private static NewEvent CreateEvent(string type, string cardId, int revision, CardText text) => new(type, "card", cardId)
    {
        SubjectId = text.SubjectId,
        Input = new JsonObject { ["card_type"] = text.CardType, ["version"] = text.Version, ["chars"] = text.FullText.Length },
        Output = new JsonObject { ["revision"] = revision },
    };

    private static CardRow CreateRow(string cardId, int revision, CardText text, AppendedEvent recorded, string userId, CardRow? before) =>
        new()
        {
            CardId = cardId,
            Revision = revision,
            Version = text.Version,
            CardType = text.CardType,
            Header = text.HeaderJson,
            FullText = text.FullText,
            BodyStart = text.FullText.Length == 0 ? 0 : text.FullText.AsSpan().TrimEnd().Length - text.BodyText.Length,
            BodyLength = text.BodyText.Length,
            SubjectId = text.SubjectId,
            CreatedAt = before?.CreatedAt ?? recorded.RecordedAt,
            CreatedBy = before?.CreatedBy ?? userId,
            UpdatedAt = recorded.RecordedAt,
            UpdatedBy = userId,
            Seq = recorded.Seq,
        };
}
