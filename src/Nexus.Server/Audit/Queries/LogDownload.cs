using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Queries;

/// <summary>
/// Sends a log or a selection of it, oldest first, page by page, so memory use does not depend on its size. A download that ends
/// early is aborted, so that a partial one never looks complete.
/// </summary>
internal sealed partial class LogDownload(AccessRecheck accessRecheck, TimeProvider time, ILogger<LogDownload> logger)
{
    /// <summary>The number of events in a page.</summary>
    public const int PageSize = 64;

    /// <summary>How long a reader may pause, for example a pipe to a pager or a slow disk.</summary>
    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Sends pages until one is empty, the caller loses access, or the reader disconnects or stalls.</summary>
    /// <param name="http">The request. Its response headers must be set.</param>
    /// <param name="page">The first page, read before anything is sent.</param>
    /// <param name="read">Reads the page after a <c>seq</c>.</param>
    /// <param name="write">Writes an event, or skips it.</param>
    /// <param name="end">Writes what follows the last event.</param>
    public async Task SendAsync(
        HttpContext http, RequestContext context, IReadOnlyList<StoredEvent> page, Func<long, ValueTask<List<StoredEvent>>> read,
        Action<StoredEvent> write, Action? end = null)
    {
        var cancellationToken = http.RequestAborted;
        try
        {
            while (page.Count > 0)
            {
                foreach (var stored in page)
                {
                    write(stored);
                    if (ResponseFlusher.ShouldFlush(http.Response.BodyWriter))
                    {
                        await ResponseFlusher.FlushAsync(http, _flushTimeout, time, cancellationToken);
                    }
                }

                if (await accessRecheck.CheckMembershipAsync(http, context) is { } lost)
                {
                    LogCutOff(lost.Code);
                    http.Abort();
                    return;
                }

                page = await read(page[^1].Seq);
            }

            end?.Invoke();
            await ResponseFlusher.FlushAsync(http, _flushTimeout, time, cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            LogStoreLost(exception);
            http.Abort();
        }
        catch (OperationCanceledException)
        {
            // The reader disconnected or stalled.
            http.Abort();
        }
    }

    [LoggerMessage(LogLevel.Warning, "An export was cut off: the store cannot be read")]
    private partial void LogStoreLost(Exception exception);

    [LoggerMessage(LogLevel.Information, "An export was cut off: {Code}")]
    private partial void LogCutOff(string code);
}
