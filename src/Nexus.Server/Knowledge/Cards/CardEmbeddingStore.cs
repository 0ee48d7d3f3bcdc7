using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>The embedding vectors of cards: one per card, of its newest revision.</summary>
internal static class CardEmbeddingStore
{
    /// <summary>Stores a vector unless the card was changed or deleted since its text was read.</summary>
    public static async ValueTask SaveAsync(WriteSession session, string cardId, long seq, string model, ReadOnlyMemory<float> vector) =>
        await session.ExecuteAsync(
            $"""
            insert into card_embeddings (tenant_id, env, card_id, seq, model, vector)
            select tenant_id, env, card_id, seq, @model, @bytes from cards
            where tenant_id = @TenantId and env = @Env and card_id = @cardId and seq = @seq and not deleted{session.ForUpdate}
            on conflict (tenant_id, env, card_id) do update set seq = excluded.seq, model = excluded.model, vector = excluded.vector
            """,
            new { session.Scope.TenantId, session.Scope.Env, cardId, seq, model, bytes = ToBytes(vector.Span) });

    /// <summary>Returns a model's vectors for the cards, each with the revision it was computed from.</summary>
    public static async ValueTask<List<(string CardId, long Seq, float[] Vector)>> FindAsync(
        ReadSession session, string model, string[] cardIds)
    {
        var rows = await session.QueryAsync<(string CardId, long Seq, byte[] Vector)>(
            $"""
            select card_id, seq, vector from card_embeddings where tenant_id = @TenantId and env = @Env and model = @model
              and {session.In("card_id", "cardIds")}
            """,
            new { session.Scope.TenantId, session.Scope.Env, model, cardIds });
        return rows.ConvertAll(row => (row.CardId, row.Seq, ToFloats(row.Vector)));
    }

    /// <summary>
    /// Returns the <c>seq</c> of the newest change, and whether any card changed after <paramref name="after"/> has no vector of
    /// the model.
    /// </summary>
    public static async ValueTask<(long Newest, bool Any)> FindMissingAsync(ReadSession session, string model, long after)
    {
        var key = new { session.Scope.TenantId, session.Scope.Env, model, after };
        var newest = await session.FirstOrDefaultAsync<long?>("select max(seq) from cards where tenant_id = @TenantId and env = @Env", key)
            ?? -1;
        return (newest, newest > after && await session.FirstOrDefaultAsync<long?>(
            """
            select seq from cards c where tenant_id = @TenantId and env = @Env and seq > @after and not deleted and not exists (
              select 1 from card_embeddings e where e.tenant_id = c.tenant_id and e.env = c.env and e.card_id = c.card_id and e.seq = c.seq
                and e.model = @model)
            order by seq limit 1
            """,
            key) is not null);
    }

    /// <summary>
    /// Deletes a card's vector, which would otherwise reveal what the text was about. Called with every change of the text.
    /// </summary>
    public static async ValueTask DeleteAsync(WriteSession session, string cardId) =>
        await session.ExecuteAsync(
            "delete from card_embeddings where tenant_id = @TenantId and env = @Env and card_id = @cardId",
            new { session.Scope.TenantId, session.Scope.Env, cardId });

    private static byte[] ToBytes(ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }

    private static float[] ToFloats(byte[] bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        var vector = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return vector;
    }
}
