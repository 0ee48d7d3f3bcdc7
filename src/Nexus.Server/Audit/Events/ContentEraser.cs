using System.Text.Json.Nodes;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Erases what callers wrote into events. Entry, leaf and every proof stay as they were; without its salt nobody can guess what was there.
/// The only way to do it, since it leaves the receipt that a log must have for each content that is missing.
/// </summary>
internal sealed class ContentEraser(EventLog log)
{
    /// <summary>The receipt's type. Its <c>input.seqs</c> lists ranges of places, both ends included.</summary>
    public const string EventType = "content_erased";

    /// <summary>How many contents one call takes: a receipt is an event like others, and a write that lasts delays others.</summary>
    public const int MaxPerReceipt = 1_000;

    /// <summary>Types whose content is part of what the log proves, and holds nothing of anybody: receipts, and the start of an epoch.</summary>
    private static readonly string[] _protectedTypes = [EventType, "log_epoch_started"];

    /// <summary>Erases the contents of events of the write's log, and leaves one receipt for those that were still there.</summary>
    /// <param name="session">The write.</param>
    /// <param name="context">Who asked.</param>
    /// <param name="seqs">Their places, at most <see cref="MaxPerReceipt"/>. Those of receipts and epochs are passed over.</param>
    /// <param name="reason">Such as <c>retention</c>; it stands in the receipt.</param>
    /// <param name="erasureId">The person's erasure that it is part of, if it is; it stands in the receipt. Whose it is does not.</param>
    /// <returns>How many were erased; with none there is no receipt.</returns>
    public async ValueTask<int> EraseAsync(WriteSession session, RequestContext context, IReadOnlyCollection<long> seqs, string reason, string? erasureId = null)
    {
        if (seqs.Count > MaxPerReceipt)
        {
            throw new ArgumentException("Too many contents for one receipt.", nameof(seqs));
        }

        var (scope, wanted, kept) = (session.Scope, seqs.ToArray(), _protectedTypes);
        var rows = await session.QueryAsync<Row>(
            $"select seq as Seq, octet_length(content) as Bytes from events where tenant_id = @TenantId and env = @Env and {session.In("seq", nameof(wanted))} and content is not null and not {session.In("event_type", nameof(kept))} order by seq",
            new { scope.TenantId, scope.Env, wanted, kept });
        if (rows.Count == 0)
        {
            return 0;
        }

        var erased = rows.ConvertAll(row => row.Seq).ToArray();
        await session.ExecuteAsync(
            $"update events set content = null, salt = null, actor_id = null, subject_id = null, surface = null where tenant_id = @TenantId and env = @Env and {session.In("seq", nameof(erased))}",
            new { scope.TenantId, scope.Env, erased });
        log.NotifyContentErased(session, rows.Sum(row => row.Bytes));
        var input = new JsonObject { ["seqs"] = ToRanges(erased) };
        if (erasureId is not null)
        {
            input["erasure_id"] = erasureId;
        }

        // A place that looks like somebody's number stays what it is, or the receipt would not cover it.
        var receipt = new NewEvent(EventType, "event") { Surface = "audit", Input = input, Output = new JsonObject { ["erased"] = erased.Length, ["reason"] = reason } };
        await log.AppendAsync(session, context, receipt, EventLog.WithoutRedaction(context, receipt));
        return erased.Length;
    }

    private static JsonArray ToRanges(long[] seqs)
    {
        var ranges = new JsonArray();
        for (var first = 0; first < seqs.Length;)
        {
            var last = first;
            while (last + 1 < seqs.Length && seqs[last + 1] == seqs[last] + 1)
            {
                last++;
            }

            ranges.Add((JsonNode)new JsonArray(seqs[first], seqs[last]));
            first = last + 1;
        }

        return ranges;
    }

    private sealed class Row
    {
        public long Seq { get; init; }

        public long Bytes { get; init; }
    }
}
