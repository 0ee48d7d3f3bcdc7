using System.IO.Pipelines;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// Sends what waits in an answer that goes on for long, and gives up on who does not take it: the server's minimum data rate does not
/// cut a reader that has stalled, and each holds a connection and what was read for it.
/// </summary>
internal static class ResponseFlusher
{
    /// <summary>How many bytes may wait before they are sent.</summary>
    public const int MaxUnsent = 16 << 10;

    /// <summary>Sends, or closes the connection.</summary>
    /// <param name="http">The answer.</param>
    /// <param name="patience">How long the reader may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait; what was not sent yet stays to be sent.</param>
    /// <exception cref="OperationCanceledException">
    /// The reader was given up on, or has gone; or <paramref name="cancellationToken"/>.
    /// </exception>
    public static async ValueTask FlushAsync(HttpContext http, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var flush = http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        if (!flush.IsCompleted)
        {
            try
            {
                await flush.AsTask().WaitAsync(patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                http.Abort();
                throw new OperationCanceledException();
            }
        }
        else
        {
            await flush;
        }

        http.RequestAborted.ThrowIfCancellationRequested();
    }

    /// <summary>Whether enough waits to be sent.</summary>
    public static bool ShouldFlush(PipeWriter writer) => writer.CanGetUnflushedBytes && writer.UnflushedBytes >= MaxUnsent;
}
