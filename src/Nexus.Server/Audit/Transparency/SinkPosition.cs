using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// The last checkpoint of a log that was delivered to a sink, together with all before it. Never goes back, whichever node
/// delivers.
/// </summary>
internal sealed class SinkPosition
{
    /// <summary>The position before the first checkpoint.</summary>
    public static SinkPosition None { get; } = new() { Epoch = -1 };

    /// <summary>The epoch of the last delivered checkpoint.</summary>
    public long Epoch { get; init; }

    /// <inheritdoc cref="Epoch" />
    public long Size { get; init; }

    /// <inheritdoc cref="Epoch" />
    public long KeyNumber { get; init; }

    /// <summary>Returns the name of a sink in the store. It is a hash, because the setting may contain a secret.</summary>
    public static string GetSinkName(string sink) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sink)).AsSpan(0, 8));

    /// <summary>Returns a sink's position in the session's log.</summary>
    public static async ValueTask<SinkPosition> FindAsync(ReadSession session, string sink) =>
        await session.FirstOrDefaultAsync<SinkPosition>(
            """
            select epoch as Epoch, size as Size, key_number as KeyNumber from log_deliveries
              where tenant_id = @TenantId and env = @Env and sink = @sink
            """,
            new { session.Scope.TenantId, session.Scope.Env, sink }) ?? None;

    /// <summary>Records that a checkpoint and all before it were delivered.</summary>
    public static ValueTask<int> AdvanceAsync(WriteSession session, string sink, SignedCheckpoint arrived) => session.ExecuteAsync(
        """
        insert into log_deliveries (tenant_id, env, sink, epoch, size, key_number) values (@TenantId, @Env, @sink, @Epoch, @Size,
          @KeyNumber)
        on conflict (tenant_id, env, sink) do update set epoch = excluded.epoch, size = excluded.size, key_number = excluded.key_number
          where (excluded.epoch, excluded.size, excluded.key_number) > (log_deliveries.epoch, log_deliveries.size,
            log_deliveries.key_number)
        """,
        new { session.Scope.TenantId, session.Scope.Env, sink, arrived.Epoch, arrived.Size, arrived.KeyNumber });
}
