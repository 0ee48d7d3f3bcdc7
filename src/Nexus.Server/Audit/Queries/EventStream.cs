using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Queries;

/// <summary>
/// <c>GET /audit/events/stream</c>: the log as it grows, as server-sent events whose id is <c>seq</c>. A reader who comes back with
/// <c>Last-Event-ID</c>, on any node, goes on where it was: nothing is left out or sent twice, since each reader reads the log itself,
/// a page at a time and no faster than it takes them.
/// </summary>
internal sealed partial class EventStream(
    Database database, EventLog log, LogWatcher watch, AccessRecheck standing, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EventStream> logger)
{
    /// <summary>How many may follow one log on one node.</summary>
    public const int MaxReaders = 100;

    private const int PageSize = 64;

    private static readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _recheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    private static readonly Problem _tooManyReaders =
        new(StatusCodes.Status429TooManyRequests, "stream.too_many", $"This log has {MaxReaders} readers on this node already.") { RetryAfter = 10 };

    private static readonly Problem _invalidLastEventId =
        new(StatusCodes.Status400BadRequest, "last_event_id.invalid", "Last-Event-ID is not the id of an event of this log.");

    /// <summary>Streams until the reader goes, loses access or stalls, or the service stops.</summary>
    /// <param name="http">The request.</param>
    /// <param name="context">Its caller, who may read the audit.</param>
    /// <param name="lastEventId">The header; null: what happens from now on, beginning with the event that this reading leaves.</param>
    /// <exception cref="ProblemException">400 or 429, before anything was sent.</exception>
    public async Task RunAsync(HttpContext http, RequestContext context, string? lastEventId)
    {
        using var follower = watch.TryFollow(context.Scope, MaxReaders) ?? throw new ProblemException(_tooManyReaders);
        var position = await BeginAsync(context, lastEventId, http.RequestAborted);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        Write(http, "retry: 1000\n\n");
        try
        {
            var reason = await RunToEndAsync(http, context, follower, position, ending.Token);

            // A comment, for people: programs come back with the last id they have, and the chain says whether they are let in.
            Write(http, $": ended: {reason}\n\n");
            await ResponseFlusher.FlushAsync(http, _timeout, time, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The reader has gone, or takes nothing; there is nobody to answer.
        }
    }

    /// <summary>Streams to the end, and answers why it has come.</summary>
    private async Task<string> RunToEndAsync(HttpContext http, RequestContext context, LogWatcher.Follower follower, long position, CancellationToken ending)
    {
        try
        {
            return await FollowAsync(http, context, follower, position, ending);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return "unavailable";
        }
        catch (StoreUnavailableException exception)
        {
            LogStoreLost(exception);
            return "unavailable";
        }
    }

    /// <summary>Records the reading, and answers the place after which it begins.</summary>
    private async Task<long> BeginAsync(RequestContext context, string? lastEventId, CancellationToken cancellationToken)
    {
        long? last = null;
        if (lastEventId is not null)
        {
            last = long.TryParse(lastEventId, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? seq : throw new ProblemException(_invalidLastEventId);
        }

        return await database.WriteAsync(
            context.Scope,
            async session =>
            {
                // Beyond the end is no place of this log: it was another's, or the log was set back, and waiting for it would miss what comes before.
                if (last >= session.BatchState<LogBatchState>().NextSeq)
                {
                    throw new ProblemException(_invalidLastEventId);
                }

                var asked = new JsonObject { ["stream"] = true };
                if (last is not null)
                {
                    asked["last_event_id"] = last;
                }

                var read = await log.AppendAsync(session, context, new NewEvent("audit_read", "audit") { Input = asked });
                return last ?? read.Seq - 1;
            },
            cancellationToken);
    }

    /// <summary>Sends events until the reader may have no more of them, and answers why.</summary>
    private async Task<string> FollowAsync(HttpContext http, RequestContext context, LogWatcher.Follower follower, long position, CancellationToken ending)
    {
        var pinged = time.GetTimestamp();
        long? away = null;
        while (true)
        {
            var grown = follower.Grown;
            List<StoredEvent> page;
            try
            {
                if (await standing.CheckAsync(http, context) is { } lost)
                {
                    return lost.Code;
                }

                page = await database.ReadAsync(context.Scope, session => StoredEventReader.ListAfterAsync(session, position, long.MaxValue, PageSize), ending);
                away = null;
            }
            catch (StoreUnavailableException) when (time.GetElapsedTime(away ??= time.GetTimestamp()) < _timeout)
            {
                // A store that is busy or changes its master is back in a moment; nobody who does not know whether they may read sees anything meanwhile.
                page = [];
            }

            foreach (var stored in page)
            {
                Write(http, string.Create(CultureInfo.InvariantCulture, $"id: {stored.Seq}\ndata: "));
                Write(http, StoredEventReader.ToDatasetEvent(stored));
                Write(http, "\n\n");
                position = stored.Seq;
                if (ResponseFlusher.ShouldFlush(http.Response.BodyWriter))
                {
                    await ResponseFlusher.FlushAsync(http, _timeout, time, ending);
                }
            }

            if (time.GetElapsedTime(pinged) >= _pingInterval)
            {
                Write(http, "event: ping\ndata: {}\n\n");
                pinged = time.GetTimestamp();
            }

            if (http.Response.BodyWriter.UnflushedBytes > 0)
            {
                await ResponseFlusher.FlushAsync(http, _timeout, time, ending);
            }

            if (page.Count == 0)
            {
                var wait = away is null ? grown.WaitAsync(_recheckInterval, time, ending) : Task.Delay(_recheckInterval, time, ending);
                await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ending.ThrowIfCancellationRequested();
            }
        }
    }

    private static void Write(HttpContext http, string text) => http.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>JSON text has no line breaks outside of escapes, so an event is one line.</summary>
    private static void Write(HttpContext http, DatasetEvent recorded)
    {
        using var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(json, recorded, StrictJson.TypeInfo<DatasetEvent>());
    }

    [LoggerMessage(LogLevel.Warning, "A stream of events ended: the store cannot be read")]
    private partial void LogStoreLost(Exception exception);
}
