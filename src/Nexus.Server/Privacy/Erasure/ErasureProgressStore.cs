using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Stores the progress of an erasure in its row. The result is counted from the log's receipts, which carry the erasure's id as
/// trace id, so a crash does not affect the counts.
/// </summary>
internal sealed class ErasureProgressStore(Database database, EventLog log, TimeProvider time)
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic for a completed erasure. The key is the tenant id.</summary>
    public const string ErasedTopic = "erased";

    private const string WhereSql = "tenant_id = @TenantId and env = @Env and erasure_id = @ErasureId";
    private static readonly TimeSpan _leaseDuration = TimeSpan.FromSeconds(15);
    private readonly string _worker = Id.New();

    /// <summary>
    /// Acquires or renews the lease on an erasure. Returns false if another node holds it. If two nodes run the same erasure,
    /// they only waste time.
    /// </summary>
    public async ValueTask<bool> TryAcquireLeaseAsync(ErasureJob row, CancellationToken cancellationToken) =>
        !database.IsShared || await database.WriteAsync(
            row.Scope,
            session => session.ExecuteAsync(
                $"""
                update erasures set worker = @_worker, lease_until = @until
                  where {WhereSql} and state <> 'done' and (worker is null or worker = @_worker or lease_until < @now)
                """,
                new
                {
                    row.TenantId, row.Env, row.ErasureId, _worker, now = time.GetUtcNowMicros(), until = Timestamps.ToMicros(
                    time.GetUtcNow() + _leaseDuration)
                }),
            cancellationToken) == 1;

    /// <summary>Releases the lease so that another node can continue.</summary>
    public async ValueTask ReleaseLeaseAsync(ErasureJob row) => await database.WriteAsync(
        row.Scope,
        session =>
            session.ExecuteAsync(
                $"update erasures set worker = null, lease_until = null where {WhereSql} and worker = @_worker",
                new { row.TenantId, row.Env, row.ErasureId, _worker }),
        CancellationToken.None);

    /// <summary>Records that the person's membership was removed. Part of the transaction that removes it.</summary>
    public static ValueTask<int> MarkRunningAsync(WriteSession session, ErasureJob row, bool account, long now) => session.ExecuteAsync(
        $"update erasures set state = 'running', account = @account, updated_at = @now where {WhereSql}",
        new { row.TenantId, row.Env, row.ErasureId, account = account || row.Account, now });

    /// <summary>Removes a person's id from an erasure that they requested or approved.</summary>
    public static ValueTask<int> RemovePersonAsync(WriteSession session, ErasureJob row, string userId) => session.ExecuteAsync(
        $"update erasures set requested_by = @requestedBy, approvals = @approvals where {WhereSql}",
        new
        {
            row.TenantId, row.Env, row.ErasureId, requestedBy = row.RequestedBy == userId ? null : row.RequestedBy,
            approvals = ErasureStore.SerializeIds([.. row.Approvers.Where(who => who != userId)]),
        });

    /// <summary>Closes an erasure that cannot be carried out, and removes the person's id from it.</summary>
    public static ValueTask<int> RefuseAsync(WriteSession session, ErasureJob row, string reason, long now) => session.ExecuteAsync(
        $"update erasures set state = 'refused', reason = @reason, user_id = null, updated_at = @now, done_at = @now where {WhereSql}",
        new { row.TenantId, row.Env, row.ErasureId, reason, now });

    /// <summary>
    /// Stores the result of an erasure and removes the person's id from it. After this only the store's files may still contain
    /// erased data.
    /// </summary>
    /// <param name="logs">The logs that contents were erased from, by their names in the result.</param>
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
                // Reads the row again: an erasure of the requester or an approver may have removed their id since.
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

    /// <summary>Marks an erasure as done and records <c>erasure_done</c>.</summary>
    /// <param name="context">The service's own context.</param>
    /// <param name="purged">Whether the store's files contain no erased data any more.</param>
    public async ValueTask MarkDoneAsync(
        ErasureJob row, Nexus.Server.Platform.Tenancy.RequestContext context, bool purged, CancellationToken cancellationToken) =>
        await database.WriteAsync(
        row.Scope,
        async session =>
        {
            // Another node that ran the same erasure may have completed it.
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
                update erasures set state = 'done', worker = null, lease_until = null, purged = @purged, updated_at = @RecordedAt,
                  done_at = @RecordedAt, seq = @Seq where {WhereSql}
                """,
                new { row.TenantId, row.Env, row.ErasureId, purged, done.RecordedAt, done.Seq });
        },
        cancellationToken);

    /// <summary>
    /// Stores the result of another attempt to purge the store's files. Records <c>erasure_purged</c> once, when it succeeds.
    /// </summary>
    public async ValueTask RecordPurgeAsync(
        ErasureJob row, Nexus.Server.Platform.Tenancy.RequestContext context, bool isPurged, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            row.Scope,
            async session =>
            {
                var noted = await session.ExecuteAsync(
                    $"update erasures set purged = @isPurged, updated_at = @now where {WhereSql} and not purged",
                    new { row.TenantId, row.Env, row.ErasureId, isPurged, now = time.GetUtcNowMicros() });
                if (noted == 1 && isPurged)
                {
                    await log.AppendAsync(
                        session,
                        context,
                        new NewEvent("erasure_purged", "erasure", row.ErasureId) { Surface = "privacy" });
                }

                return noted;
            },
            cancellationToken);

    /// <summary>Adds up a log's receipts of an erasure and returns the ranges of erased contents.</summary>
    private static async ValueTask<JsonArray> CountReceiptsAsync(
        ReadSession session, string erasureId, SortedDictionary<string, long> counts)
    {
        var ranges = new List<(long From, long To)>();
        for (long after =
            -1; await StoredEventReader.ListByTraceAsync(session, erasureId, after, 500) is { Count: > 0 } page; after = page[^1].Seq)
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
