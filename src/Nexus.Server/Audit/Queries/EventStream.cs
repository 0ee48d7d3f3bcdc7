using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Queries;

/// <summary>
/// <c>GET /audit/events/stream</c>: the growing log as server-sent events whose id is <c>seq</c>. A reader that reconnects with
/// <c>Last-Event-ID</c>, on any node, continues without gaps or duplicates. Each reader reads the log itself, page by page, and
/// no faster than it can consume.
/// </summary>
internal sealed partial class EventStream(
    Database database, EventLog log, LogWatcher watch, AccessRecheck accessRecheck, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<EventStream> logger)
{
    /// <summary>The maximum number of readers of one log on one node.</summary>
    public const int MaxReaders = 100;

    private const int PageSize = 64;

    private static readonly TimeSpan _recheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _storeTimeout = TimeSpan.FromSeconds(10);

    private static readonly Problem _tooManyReaders =
        new(ProblemCodes.StreamTooMany, $"This log already has {MaxReaders} readers on this node. Try again later.") { RetryAfter = 10 };

    private static readonly Problem _invalidLastEventId =
        new(ProblemCodes.LastEventIdInvalid, "Last-Event-ID must be the id of an event of this log.");

    /// <summary>Streams until the reader goes, loses access or stalls, or the service stops.</summary>
    /// <param name="http">The request.</param>
    /// <param name="context">Its caller, who may read the audit.</param>
    /// <param name="lastEventId">The header; null: what happens from now on, beginning with the event that this reading leaves.</param>
    /// <returns>400 or 429, before anything was sent.</returns>
    public async Task<Results<EmptyHttpResult, Problem>> RunAsync(HttpContext http, RequestContext context, string? lastEventId)
    {
        using var follower = watch.TryFollow(context.Scope, MaxReaders);
        if (follower is null)
        {
            return _tooManyReaders;
        }

        long seq = 0;
        if (lastEventId is not null && !long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out seq))
        {
            return _invalidLastEventId;
        }

        var position = await BeginAsync(context, lastEventId is null ? null : seq, http.RequestAborted);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var events = ServerSentEventWriter.Start(http, time);
        try
        {
            var reason = await RunToEndAsync(http, events, context, follower, position, ending.Token);

            // A comment, for people: programs come back with the last id they have, and the chain says whether they are let in.
            events.WriteComment($"ended: {reason}");
            await events.FlushAsync(CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The reader disconnected or stalled; there is nobody to respond to.
        }

        return TypedResults.Empty;
    }

    /// <summary>Streams to the end and returns why it ended.</summary>
    private async Task<string> RunToEndAsync(
        HttpContext http, ServerSentEventWriter events, RequestContext context, LogWatcher.Follower follower, long position,
        CancellationToken ending)
    {
        try
        {
            return await FollowAsync(http, events, context, follower, position, ending);
        }
        catch (OperationCanceledException)
            when (lifetime.ApplicationStopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return "unavailable";
        }
        catch (StoreUnavailableException exception)
        {
            LogStoreLost(exception);
            return "unavailable";
        }
    }

    /// <summary>Records the request and returns the <c>seq</c> after which the stream starts.</summary>
    private async Task<long> BeginAsync(RequestContext context, long? last, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            context.Scope,
            async session =>
            {
                // An id beyond the end is from another log, or the log was restored to an earlier state. Waiting for it would
                // miss the events before it.
                if (last >= session.BatchState<LogBatchState>().NextSeq)
                {
                    throw new ProblemException(_invalidLastEventId);
                }

                var input = new JsonObject { ["stream"] = true };
                if (last is not null)
                {
                    input["last_event_id"] = last;
                }

                var read = await log.AppendAsync(session, context, new NewEvent("audit_read", "audit") { Input = input });
                return last ?? read.Seq - 1;
            },
            cancellationToken);

    /// <summary>Sends events until the reader loses access, and returns why.</summary>
    private async Task<string> FollowAsync(
        HttpContext http, ServerSentEventWriter events, RequestContext context, LogWatcher.Follower follower, long position,
        CancellationToken ending)
    {
        long? away = null;
        while (true)
        {
            var grown = follower.Grown;
            List<StoredEvent> page;
            try
            {
                if (await accessRecheck.CheckAsync(http, context) is { } lost)
                {
                    return lost.Code;
                }

                page = await database.ReadAsync(
                    context.Scope,
                    session => StoredEventReader.ListAfterAsync(session, position, long.MaxValue, PageSize),
                    ending);
                away = null;
            }
            catch (StoreUnavailableException) when (time.GetElapsedTime(away ??= time.GetTimestamp()) < _storeTimeout)
            {
                // The store is busy or failing over and will be back shortly. Until access can be checked again, nothing is sent.
                page = [];
            }

            foreach (var stored in page)
            {
                events.WriteEvent(stored.Seq.ToString(CultureInfo.InvariantCulture), StoredEventReader.ToDatasetEvent(stored));
                position = stored.Seq;
                if (events.ShouldFlush)
                {
                    await events.FlushAsync(ending);
                }
            }

            if (events.IsPingDue)
            {
                events.WriteEvent("{}", type: "ping");
                events.RestartPing();
            }

            await events.FlushAsync(ending);

            if (page.Count == 0)
            {
                var wait = away is null ? grown.WaitAsync(_recheckInterval, time, ending) : Task.Delay(_recheckInterval, time, ending);
                await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ending.ThrowIfCancellationRequested();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A stream of events ended: the store cannot be read")]
    private partial void LogStoreLost(Exception exception);
}
