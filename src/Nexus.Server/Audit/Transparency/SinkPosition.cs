using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Transparency;

/// <summary>Up to which checkpoint of a log a sink has everything. It never goes back, whichever node delivers.</summary>
internal sealed class SinkPosition
{
    /// <summary>Before the first checkpoint.</summary>
    public static SinkPosition None { get; } = new() { Epoch = -1 };

    /// <summary>Of the last checkpoint that arrived.</summary>
    public long Epoch { get; init; }

    /// <inheritdoc cref="Epoch" />
    public long Size { get; init; }

    /// <inheritdoc cref="Epoch" />
    public long KeyNumber { get; init; }

    /// <summary>What a sink is called in the store: the setting itself may hold a secret.</summary>
    public static string GetSinkName(string sink) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sink)).AsSpan(0, 8));

    /// <summary>Where a sink stands in the session's log.</summary>
    public static async ValueTask<SinkPosition> FindAsync(ReadSession session, string sink) =>
        await session.FirstOrDefaultAsync<SinkPosition>(
            "select epoch as Epoch, size as Size, key_number as KeyNumber from log_deliveries where tenant_id = @TenantId and env = @Env and sink = @sink",
            new { session.Scope.TenantId, session.Scope.Env, sink }) ?? None;

    /// <summary>Notes that a checkpoint has arrived, and all before it.</summary>
    public static ValueTask<int> AdvanceAsync(WriteSession session, string sink, SignedCheckpoint arrived) => session.ExecuteAsync(
        """
        insert into log_deliveries (tenant_id, env, sink, epoch, size, key_number) values (@TenantId, @Env, @sink, @Epoch, @Size, @KeyNumber)
        on conflict (tenant_id, env, sink) do update set epoch = excluded.epoch, size = excluded.size, key_number = excluded.key_number
          where (excluded.epoch, excluded.size, excluded.key_number) > (log_deliveries.epoch, log_deliveries.size, log_deliveries.key_number)
        """,
        new { session.Scope.TenantId, session.Scope.Env, sink, arrived.Epoch, arrived.Size, arrived.KeyNumber });
}
