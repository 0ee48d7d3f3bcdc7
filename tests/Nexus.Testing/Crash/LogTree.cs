using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using Nexus.Merkle;
using Npgsql;

namespace Nexus.Testing.Crash;

/// <summary>
/// Recomputes the logs of a store from the stored rows: the leaf of every entry, the commitment to every content, the compact
/// range and root of every head, and the root of every checkpoint seen. Reads the database directly, as an auditor would.
/// </summary>
internal static class LogTree
{
    /// <summary>Opens the database of a data folder read-only.</summary>
    public static DbConnection OfFolder(string dataFolder) =>
        new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(dataFolder, "nexus.db"),
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ConnectionString);

    /// <summary>Opens a PostgreSQL database without row-level security.</summary>
    public static DbConnection OfPostgres(string connectionString) => new NpgsqlConnection(PostgresCluster.Superuser(connectionString));

    /// <summary>Returns what is wrong.</summary>
    /// <param name="connection">An open connection that can read the whole store.</param>
    /// <param name="seen">Checkpoints seen of its logs.</param>
    public static async Task<IReadOnlyList<string>> CheckAsync(DbConnection connection, params IEnumerable<Checkpoint> seen)
    {
        var wrong = new List<string>();
        var checkpoints = seen.ToLookup(
            checkpoint => (checkpoint.Origin[(checkpoint.Origin.IndexOf('/', StringComparison.Ordinal) + 1)..], checkpoint.Size));

        // A single statement sees a consistent log and head. Events appended later are ignored.
        var heads = (await connection.QueryAsync<Head>(
            """
            select h.tenant_id as TenantId, h.env, h.epoch, h.size, h.range,
              (select coalesce(max(seq) + 1, 0) from events e where e.tenant_id = h.tenant_id and e.env = h.env) as next
            from log_heads h
            """)).ToList();
        foreach (var head in heads)
        {
            var name = $"{head.TenantId}/{head.Env}";
            if (head.Next != head.Size)
            {
                wrong.Add(
                    string.Create(CultureInfo.InvariantCulture, $"the head of {name} says {head.Size} events, there are {head.Next}"));
            }

            var range = new CompactRange();
            var events = await connection.QueryAsync<Event>(
                """
                select seq, entry, leaf, content, salt from events where tenant_id = @TenantId and env = @Env and seq < @Size
                  order by seq
                """,
                new { head.TenantId, head.Env, head.Size });
            foreach (var recorded in events)
            {
                if (recorded.Fault(range.Size) is { } fault)
                {
                    wrong.Add($"{name}: {fault}");
                }

                range.Append(TreeHash.Leaf(Encoding.UTF8.GetBytes(recorded.Entry)));
                if (checkpoints[(head.Origin, range.Size)].Any(checkpoint => !checkpoint.Root.SequenceEqual(range.Root())))
                {
                    wrong.Add(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"the first {range.Size} events of {name} make another tree than the checkpoint that was shown"));
                }
            }

            var stored = CompactRange.FromBytes(head.Range);
            if (range.Size != head.Size
                || stored.Size != head.Size
                || !range.ToBytes().AsSpan().SequenceEqual(head.Range)
                || !range.Root().AsSpan().SequenceEqual(stored.Root()))
            {
                wrong.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the {range.Size} events of {name} make another tree than its head of {head.Size} says"));
            }
        }

        if (await connection.ExecuteScalarAsync<long>(
            """
            select count(*) from events e where not exists (select 1 from log_heads h where h.tenant_id = e.tenant_id and h.env = e.env)
            """) is > 0 and var lost)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{lost} events belong to no log"));
        }

        return wrong;
    }

    private sealed class Head
    {
        public string TenantId { get; init; } = "";

        public string Env { get; init; } = "";

        public long Epoch { get; init; }

        /// <summary>The log's origin without the service's name.</summary>
        public string Origin => string.Create(CultureInfo.InvariantCulture, $"{TenantId}/{Env}/{Epoch}");

        public long Size { get; init; }

        public byte[] Range { get; init; } = [];

        public long Next { get; init; }
    }

    private sealed class Event
    {
        public long Seq { get; init; }

        public string Entry { get; init; } = "";

        public byte[] Leaf { get; init; } = [];

        public string? Content { get; init; }

        public byte[]? Salt { get; init; }

        /// <summary>Returns what is wrong with the event at a position.</summary>
        public string? Fault(long place)
        {
            using var entry = JsonDocument.Parse(Entry);
            if (Seq != place || entry.RootElement.GetProperty("seq").GetInt64() != place)
            {
                return string.Create(CultureInfo.InvariantCulture, $"seq {Seq} stands where {place} should");
            }

            if (!Leaf.AsSpan().SequenceEqual(TreeHash.Leaf(Encoding.UTF8.GetBytes(Entry))))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the leaf of event {Seq} is not that of its entry");
            }

            return Content is null
                || Salt is null
                || Convert.ToBase64String(
                    SHA256.HashData([.. Salt, .. Encoding.UTF8.GetBytes(Content)])) == entry.RootElement.GetProperty("content_hash")
                .GetString()
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"the content of event {Seq} is not the one its entry commits to");
        }
    }
}
