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
/// <c>GET /audit/events/stream</c>: the growing log as server-sent events whose id is <c>seq</c>. A reader that reconnects with
/// <c>Last-Event-ID</c>, on any node, continues without gaps or duplicates. Each reader reads the log itself, page by page, and
/// no faster than it can consume.
/// </summary>
internal sealed partial class EventStream(
    Database database, EventLog log, LogWatcher watch, AccessRecheck accessRecheck, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<EventStream> logger)
{
    /// <summary>The maximum number of readers of one log on one node.</summary>
    public const int MaxReaders = 100;

    private const int PageSize = 64;

    private static readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _recheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    private static readonly Problem _tooManyReaders =
        new(StatusCodes.Status429TooManyRequests, "stream.too_many", $"This log has {MaxReaders} readers on this node already.") { RetryAfter = 10 };

    private static readonly Problem _invalidLastEventId =
        new(StatusCodes.Status400BadRequest, "last_event_id.invalid", "Last-Event-ID is not the id of an event of this log.");

    /// <summary>Streams until the reader disconnects, loses access or stalls, or the service stops.</summary>
    /// <param name="context">The context of the caller, who must be allowed to read the audit log.</param>
    /// <param name="lastEventId">The value of the header. If null, the stream starts with the event that records this request.</param>
    /// <exception cref="ProblemException">400 or 429, thrown before anything is sent.</exception>
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

            // The reason is an SSE comment for people. Programs reconnect with their last id, and the request chain decides
            // whether they are admitted.
            Write(http, $": ended: {reason}\n\n");
            await ResponseFlusher.FlushAsync(http, _timeout, time, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The reader disconnected or stalled; there is nobody to respond to.
        }
    }

    /// <summary>Streams to the end and returns why it ended.</summary>
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

    /// <summary>Records the request and returns the <c>seq</c> after which the stream starts.</summary>
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
    }

    /// <summary>Sends events until the reader loses access, and returns why.</summary>
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
                if (await accessRecheck.CheckAsync(http, context) is { } lost)
                {
                    return lost.Code;
                }

                page = await database.ReadAsync(context.Scope, session => StoredEventReader.ListAfterAsync(session, position, long.MaxValue, PageSize), ending);
                away = null;
            }
            catch (StoreUnavailableException) when (time.GetElapsedTime(away ??= time.GetTimestamp()) < _timeout)
            {
                // The store is busy or failing over and will be back shortly. Until access can be checked again, nothing is sent.
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

    /// <summary>JSON contains no raw line breaks, so an event is one line.</summary>
    private static void Write(HttpContext http, DatasetEvent recorded)
    {
        using var json = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(json, recorded, StrictJson.TypeInfo<DatasetEvent>());
    }

    [LoggerMessage(LogLevel.Warning, "A stream of events ended: the store cannot be read")]
    private partial void LogStoreLost(Exception exception);
}
