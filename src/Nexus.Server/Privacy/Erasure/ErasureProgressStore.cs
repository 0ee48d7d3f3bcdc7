using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// How far an erasure is, in its row. What it did is read from the log's own receipts, whose trace is the erasure's, so that a crash
/// miscounts nothing.
/// </summary>
internal sealed class ErasureProgressStore(Database database, EventLog log, TimeProvider time)
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic of an erasure that is done; the key is the tenant.</summary>
    public const string ErasedTopic = "erased";

    private const string WhereSql = "tenant_id = @TenantId and env = @Env and erasure_id = @ErasureId";
    private static readonly TimeSpan _leaseDuration = TimeSpan.FromSeconds(15);
    private readonly string _worker = Id.New();

    /// <summary>Takes the work, or goes on holding it; false where another node has it. Two that both have it lose nothing but time.</summary>
    public async ValueTask<bool> TryAcquireLeaseAsync(ErasureJob row, CancellationToken cancellationToken) => !database.IsShared || await database.WriteAsync(
        row.Scope,
        session => session.ExecuteAsync(
            $"update erasures set worker = @_worker, lease_until = @until where {WhereSql} and state <> 'done' and (worker is null or worker = @_worker or lease_until < @now)",
            new { row.TenantId, row.Env, row.ErasureId, _worker, now = time.GetUtcNowMicros(), until = Timestamps.ToMicros(time.GetUtcNow() + _leaseDuration) }),
        cancellationToken) == 1;

    /// <summary>Lets another node go on.</summary>
    public async ValueTask ReleaseLeaseAsync(ErasureJob row) => await database.WriteAsync(
        row.Scope,
        session => session.ExecuteAsync($"update erasures set worker = null, lease_until = null where {WhereSql} and worker = @_worker", new { row.TenantId, row.Env, row.ErasureId, _worker }),
        CancellationToken.None);

    /// <summary>Notes that the person's place is gone, in the write that took it.</summary>
    public static ValueTask<int> MarkRunningAsync(WriteSession session, ErasureJob row, bool account, long now) => session.ExecuteAsync(
        $"update erasures set state = 'running', account = @account, updated_at = @now where {WhereSql}", new { row.TenantId, row.Env, row.ErasureId, account = account || row.Account, now });

    /// <summary>Takes a person's name out of an erasure that they wanted.</summary>
    public static ValueTask<int> RemovePersonAsync(WriteSession session, ErasureJob row, string userId) => session.ExecuteAsync(
        $"update erasures set requested_by = @requestedBy, approvals = @approvals where {WhereSql}",
        new
        {
            row.TenantId, row.Env, row.ErasureId, requestedBy = row.RequestedBy == userId ? null : row.RequestedBy,
            approvals = ErasureStore.SerializeIds([.. row.Approvers.Where(who => who != userId)]),
        });

    /// <summary>Ends an erasure that cannot be done, and forgets whose it was.</summary>
    public static ValueTask<int> RefuseAsync(WriteSession session, ErasureJob row, string reason, long now) => session.ExecuteAsync(
        $"update erasures set state = 'refused', reason = @reason, user_id = null, updated_at = @now, done_at = @now where {WhereSql}",
        new { row.TenantId, row.Env, row.ErasureId, reason, now });

    /// <summary>Says what an erasure did, and from then on not whose it was. Only the store's files may hold something of it after that.</summary>
    /// <param name="row">The erasure.</param>
    /// <param name="logs">The logs that it erased from, by the names that its record has for them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask RecordErasedAsync(ErasureJob row, IReadOnlyDictionary<string, Scope> logs, CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var seqs = new JsonObject();
        foreach (var (name, scope) in logs)
        {
            var ranges = await database.ReadAsync(scope, session => CountReceiptsAsync(session, row.ErasureId, counts), cancellationToken);
            if (ranges.Count > 0)
            {
                seqs[name] = ranges;
            }
        }

        await database.WriteAsync(
            row.Scope,
            async session =>
            {
                // As it is now: an erasure of somebody who wanted this one may have taken their name since the row was read.
                await RemovePersonAsync(session, await ErasureStore.FindAsync(session, row.ErasureId) ?? row, row.UserId!);
                return await session.ExecuteAsync(
                    $"update erasures set user_id = null, counts = @counts, erased_seqs = @seqs, updated_at = @now where {WhereSql}",
                    new
                    {
                        row.TenantId, row.Env, row.ErasureId, seqs = seqs.ToJsonString(), now = time.GetUtcNowMicros(),
                        counts = JsonSerializer.Serialize(counts, StrictJson.TypeInfo<IReadOnlyDictionary<string, long>>()),
                    });
            },
            cancellationToken);
    }

    /// <summary>Ends an erasure that is done; leaves <c>erasure_done</c>.</summary>
    /// <param name="row">The erasure.</param>
    /// <param name="context">The service's own.</param>
    /// <param name="purged">Whether the store's files hold nothing of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask MarkDoneAsync(ErasureJob row, Nexus.Server.Platform.Tenancy.RequestContext context, bool purged, CancellationToken cancellationToken) => await database.WriteAsync(
        row.Scope,
        async session =>
        {
            // Another node that had the work too may have ended it.
            if (await ErasureStore.FindAsync(session, row.ErasureId) is not { State: not ErasureStates.Done } taken)
            {
                return 0;
            }

            var done = await log.AppendAsync(session, context, new NewEvent("erasure_done", "erasure", row.ErasureId)
            {
                Surface = "privacy",
                Output = new JsonObject { ["counts"] = JsonNode.Parse(taken.Counts!), ["purged"] = purged },
            });
            await session.NotifyAsync(ErasedTopic, row.TenantId);
            return await session.ExecuteAsync(
                $"""
                update erasures set state = 'done', worker = null, lease_until = null, purged = @purged, updated_at = @RecordedAt, done_at = @RecordedAt, seq = @Seq where {WhereSql}
                """,
                new { row.TenantId, row.Env, row.ErasureId, purged, done.RecordedAt, done.Seq });
        },
        cancellationToken);

    /// <summary>Notes how another try to empty the store's files ended; leaves <c>erasure_purged</c>, once, where they are empty now.</summary>
    public async ValueTask RecordPurgeAsync(ErasureJob row, Nexus.Server.Platform.Tenancy.RequestContext context, bool isPurged, CancellationToken cancellationToken) => await database.WriteAsync(
        row.Scope,
        async session =>
        {
            var noted = await session.ExecuteAsync(
                $"update erasures set purged = @isPurged, updated_at = @now where {WhereSql} and not purged", new { row.TenantId, row.Env, row.ErasureId, isPurged, now = time.GetUtcNowMicros() });
            if (noted == 1 && isPurged)
            {
                await log.AppendAsync(session, context, new NewEvent("erasure_purged", "erasure", row.ErasureId) { Surface = "privacy" });
            }

            return noted;
        },
        cancellationToken);

    /// <summary>Adds up a log's receipts of an erasure; the places whose contents it erased.</summary>
    private static async ValueTask<JsonArray> CountReceiptsAsync(ReadSession session, string erasureId, SortedDictionary<string, long> counts)
    {
        var ranges = new List<(long From, long To)>();
        for (long after = -1; await StoredEventReader.ListByTraceAsync(session, erasureId, after, 500) is { Count: > 0 } page; after = page[^1].Seq)
        {
            foreach (var receipt in page)
            {
                var type = receipt.Metadata.GetProperty("event_type").GetString();
                if (type == ErasureReceiptWriter.EventType)
                {
                    Add(receipt.Metadata.GetProperty("asset_type").GetString()!, 1);
                }
                else if (type == ContentEraser.EventType && receipt.Input is { } input)
                {
                    ranges.AddRange(input.GetProperty("seqs").EnumerateArray().Select(range => (range[0].GetInt64(), range[1].GetInt64())));
                    Add("event", receipt.Output!.Value.GetProperty("erased").GetInt64());
                }
            }
        }

        ranges.Sort();
        return [.. MergeRanges(ranges).Select(range => (JsonNode)new JsonArray(range.From, range.To))];

        void Add(string kind, long more) => counts[kind] = counts.GetValueOrDefault(kind) + more;
    }

    private static IEnumerable<(long From, long To)> MergeRanges(List<(long From, long To)> ranges)
    {
        for (var at = 0; at < ranges.Count;)
        {
            var (from, to) = ranges[at++];
            for (; at < ranges.Count && ranges[at].From <= to + 1; at++)
            {
                to = Math.Max(to, ranges[at].To);
            }

            yield return (from, to);
        }
    }
}
