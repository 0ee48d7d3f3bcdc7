using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>
/// Cards with a revision by the person, and cards about the person. Each is erased with all its revisions and its vector. As
/// after any deletion, a row with only the id remains to tell projections.
/// </summary>
internal sealed class CardPersonalData : IPersonalData
{
    private const string PersonCondition =
        """
        created_by = @UserId or updated_by = @UserId or subject_id = @UserId or exists (
          select 1 from card_revisions r where r.tenant_id = cards.tenant_id and r.env = cards.env and r.card_id = cards.card_id
            and (r.created_by = @UserId or replace(r.header, @about, '') <> r.header))
        """;

    /// <inheritdoc />
    public string Kind => "cards";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["cards", "card_revisions", "card_embeddings", "lineage_links"];

    /// <inheritdoc />
    public bool HasLineage => true;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.FindAsync(
            session,
            person,
            after,
            "cards",
            "card_id",
            PersonCondition,
            about: Encoding.UTF8.GetString(CanonicalJson.Write(new JsonObject { ["subject_id"] = person.UserId }))[1..^1]);

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        // A row without an author was erased before.
        var found = await session.QueryAsync<string>(
            $"""
            select card_id from cards where tenant_id = @TenantId and env = @Env and created_by <> '' and {session.In("card_id",
              nameof(ids))} order by card_id
            """,
            new { session.Scope.TenantId, session.Scope.Env, ids });
        foreach (var cardId in found)
        {
            var key = new { session.Scope.TenantId, session.Scope.Env, cardId };
            var bytes = await session.FirstOrDefaultAsync<long>(
                """
                select cast(coalesce(sum(octet_length(full_text)), 0) as bigint) from (
                  select full_text from cards where tenant_id = @TenantId and env = @Env and card_id = @cardId
                  union all select full_text from card_revisions where tenant_id = @TenantId and env = @Env and card_id = @cardId) as texts
                """,
                key);
            await session.BatchState<UsageBatchState>().AddAsync(session, -bytes);
            var (seq, recordedAt) = await erasing.RecordErasedAsync(session, "card", cardId);
            await session.ExecuteAsync("delete from card_revisions where tenant_id = @TenantId and env = @Env and card_id = @cardId", key);
            await session.ExecuteAsync(
                """
                update cards set version = '', card_type = 'erased', header = '{}', full_text = '', body_start = 0, body_length = 0,
                  subject_id = null,
                  created_by = '', updated_at = @recordedAt, updated_by = '', seq = @seq, deleted = true
                where tenant_id = @TenantId and env = @Env and card_id = @cardId
                """,
                new { session.Scope.TenantId, session.Scope.Env, cardId, recordedAt, seq });
            await CardEmbeddingStore.DeleteAsync(session, cardId);
        }
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids)
    {
        var lines = new List<string>();
        foreach (var card in await CardStore.FindAsync(session, ids))
        {
            lines.Add(JsonSerializer.Serialize(card.ToWire(session.Scope), StrictJson.TypeInfo<Client.Card>()));
            for (long before =
                card.Revision; await CardStore.ListRevisionsAsync(
                    session,
                    card.CardId,
                    before,
                    100) is { Count: > 0 } earlier; before = earlier[^1].Revision)
            {
                lines.AddRange(
                    earlier.Select(
                        revision => JsonSerializer.Serialize(revision.ToWireRevision(), StrictJson.TypeInfo<Client.CardRevision>())));
            }
        }

        return lines;
    }
}
