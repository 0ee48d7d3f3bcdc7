using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Queries;

/// <summary>
/// Sends a log, or what was chosen of it, oldest first: a page at a time is read and sent, so that its size costs no memory; what ends early
/// is cut off, so that a part of it never looks whole.
/// </summary>
internal sealed partial class LogDownload(AccessRecheck standing, TimeProvider time, ILogger<LogDownload> logger)
{
    /// <summary>How many events a page has.</summary>
    public const int PageSize = 64;

    /// <summary>How long a reader may pause: a pipe to a pager, a disk that is slow.</summary>
    private static readonly TimeSpan _flushTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Sends page after page until one is empty, the caller loses access, or the reader goes or takes nothing.</summary>
    /// <param name="http">The request; the head of its answer is set.</param>
    /// <param name="context">Its caller.</param>
    /// <param name="page">The first page, which was read before anything was sent.</param>
    /// <param name="read">Reads the page after a place.</param>
    /// <param name="write">Writes an event, if it is to be written.</param>
    /// <param name="end">Writes what follows the last.</param>
    public async Task SendAsync(
        HttpContext http, RequestContext context, IReadOnlyList<StoredEvent> page, Func<long, ValueTask<List<StoredEvent>>> read, Action<StoredEvent> write, Action? end = null)
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

                if (await standing.CheckMembershipAsync(http, context) is { } lost)
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
            // The reader has gone, or takes nothing.
            http.Abort();
        }
    }

    [LoggerMessage(LogLevel.Warning, "An export was cut off: the store cannot be read")]
    private partial void LogStoreLost(Exception exception);

    [LoggerMessage(LogLevel.Information, "An export was cut off: {Code}")]
    private partial void LogCutOff(string code);
}
