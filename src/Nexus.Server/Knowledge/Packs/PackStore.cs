using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Knowledge.Lineage;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.Packs;

/// <summary>Stores influence packs. A pack never changes.</summary>
internal sealed class PackStore(EventLog log)
{
    /// <summary>Stores a pack and records <c>pack_created</c>.</summary>
    /// <exception cref="CardDeletedException">
    /// A card was deleted after its excerpt was read. A pack must not bring back deleted or erased text.
    /// </exception>
    /// <exception cref="ProblemException">403 <c>quota.exceeded</c>.</exception>
    public async ValueTask<InfluencePack> CreateAsync(
        WriteSession session, RequestContext context, string query, IReadOnlyList<CardRef> cards, PackMetadata metadata)
    {
        string[] ids = [.. cards.Select(card => card.CardId)];
        if (ids.Length > 0 && await CardStore.CountAsync(session, ids) < ids.Length)
        {
            throw new CardDeletedException("A card went since its excerpt was read.");
        }

        var refs = JsonSerializer.Serialize(cards, StrictJson.TypeInfo<IReadOnlyList<CardRef>>());
        await session.BatchState<UsageBatchState>().AddAsync(session, Encoding.UTF8.GetByteCount(refs));
        var packId = Id.New();
        var recorded = await log.AppendAsync(session, context, new NewEvent("pack_created", "pack", packId)
        {
            Input = new JsonObject { ["query_len"] = query.Length },
            Output = new JsonObject { ["card_count"] = cards.Count },
        });
        await session.ExecuteAsync(
            """
            insert into packs (tenant_id, env, pack_id, query, card_refs, metadata, created_at, created_by, seq)
            values (@TenantId, @Env, @packId, @query, @refs, @metadata, @RecordedAt, @UserId, @Seq)
            """,
            new
            {
                context.TenantId, context.Env, packId, query, refs,
                metadata = JsonSerializer.Serialize(metadata, StrictJson.TypeInfo<PackMetadata>()),
                recorded.RecordedAt, context.UserId, recorded.Seq,
            });
        await LineageLinks.AddAsync(session, packId, ids, "card_ref");
        return new InfluencePack
        {
            PackId = packId,
            TenantId = context.TenantId,
            Env = context.Env,
            Query = query,
            CardRefs = cards,
            Metadata = metadata,
            CreatedAt = Timestamps.FromMicros(recorded.RecordedAt),
            CreatedBy = context.UserId,
        };
    }

    /// <summary>Returns a pack, or null if it does not exist.</summary>
    public static async ValueTask<InfluencePack?> FindAsync(ReadSession session, string packId) =>
        await session.FirstOrDefaultAsync<Row>(
            """
            select query, card_refs as CardRefs, metadata, created_at as CreatedAt, created_by as CreatedBy
            from packs where tenant_id = @TenantId and env = @Env and pack_id = @packId
            """,
            new { session.Scope.TenantId, session.Scope.Env, packId }) is not { } row ? null : new InfluencePack
            {
                PackId = packId,
                TenantId = session.Scope.TenantId,
                Env = session.Scope.Env,
                Query = row.Query,
                CardRefs = JsonSerializer.Deserialize(row.CardRefs, StrictJson.TypeInfo<IReadOnlyList<CardRef>>())!,
                Metadata = JsonSerializer.Deserialize(row.Metadata, StrictJson.TypeInfo<PackMetadata>())!,
                CreatedAt = Timestamps.FromMicros(row.CreatedAt),
                CreatedBy = row.CreatedBy,
            };

    private sealed class Row
    {
        public string Query { get; init; } = "";

        public string CardRefs { get; init; } = "";

        public string Metadata { get; init; } = "";

        public long CreatedAt { get; init; }

        public string CreatedBy { get; init; } = "";
    }
}

/// <summary>A card to be quoted in a pack no longer exists.</summary>
internal sealed class CardDeletedException(string message, Exception? inner = null) : Exception(message, inner);
