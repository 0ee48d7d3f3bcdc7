using System.Text.Json.Nodes;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// Erases the content of events. Entries, leaves and proofs stay unchanged, and without its salt the content cannot be guessed.
/// Contents must only be erased through this class, because it records the receipt that the log must have for every missing
/// content.
/// </summary>
internal sealed class ContentEraser(EventLog log)
{
    /// <summary>The event type of a receipt. Its <c>input.seqs</c> lists inclusive ranges of <c>seq</c>.</summary>
    public const string EventType = "content_erased";

    /// <summary>
    /// The maximum number of contents per call. A receipt has the size limit of any event, and a long transaction delays others.
    /// </summary>
    public const int MaxPerReceipt = 1_000;

    /// <summary>Events whose content is part of the log's proof and contains no personal data: receipts and epoch starts.</summary>
    private static readonly string[] _protectedTypes = [EventType, "log_epoch_started"];

    /// <summary>Erases the contents of events in the session's log, and records one receipt for those that still existed.</summary>
    /// <param name="context">The context of the caller, who becomes the receipt's actor.</param>
    /// <param name="seqs">
    /// The events' <c>seq</c> numbers, at most <see cref="MaxPerReceipt"/>. Receipts and epoch starts are skipped.
    /// </param>
    /// <param name="reason">The reason stated in the receipt, such as <c>retention</c>.</param>
    /// <param name="erasureId">
    /// The erasure of a person this is part of, stated in the receipt; null if none. The person is not named.
    /// </param>
    /// <returns>The number of erased contents. If it is 0, no receipt is recorded.</returns>
    public async ValueTask<int> EraseAsync(
        WriteSession session, RequestContext context, IReadOnlyCollection<long> seqs, string reason, string? erasureId = null)
    {
        if (seqs.Count > MaxPerReceipt)
        {
            throw new ArgumentException("Too many contents for one receipt.", nameof(seqs));
        }

        var (scope, wanted, kept) = (session.Scope, seqs.ToArray(), _protectedTypes);
        var rows = await session.QueryAsync<Row>(
            $"""
            select seq as Seq, octet_length(content) as Bytes from events
              where tenant_id = @TenantId and env = @Env and {session.In("seq", nameof(wanted))} and content is not null
              and not {session.In("event_type", nameof(kept))} order by seq
            """,
            new { scope.TenantId, scope.Env, wanted, kept });
        if (rows.Count == 0)
        {
            return 0;
        }

        var erased = rows.ConvertAll(row => row.Seq).ToArray();
        await session.ExecuteAsync(
            $"""
            update events set content = null, salt = null, actor_id = null, subject_id = null, surface = null
              where tenant_id = @TenantId and env = @Env and {session.In("seq", nameof(erased))}
            """,
            new { scope.TenantId, scope.Env, erased });
        log.NotifyContentErased(session, rows.Sum(row => row.Bytes));
        var input = new JsonObject { ["seqs"] = ToRanges(erased) };
        if (erasureId is not null)
        {
            input["erasure_id"] = erasureId;
        }

        // No redaction: a seq that looks like a personal number must stay as it is, or the receipt would not cover it.
        var receipt = new NewEvent(EventType, "event")
        {
            Surface = "audit",
            Input = input,
            Output = new JsonObject { ["erased"] = erased.Length, ["reason"] = reason },
        };
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
