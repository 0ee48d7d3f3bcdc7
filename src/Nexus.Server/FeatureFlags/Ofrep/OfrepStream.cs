using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags.Ofrep;

/// <summary>
/// <c>GET /ofrep/v1/stream</c>: says that flags changed and a client should evaluate again; never what they are. It ends with its ticket,
/// and where <c>sse_enabled</c> is taken away. What changed since the ticket was given, or since the event that a client that comes back
/// heard last, is said at once.
/// </summary>
internal static class OfrepStream
{
    private static readonly TimeSpan _pingInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _pollInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _writeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So long before its ticket is over a client is told to evaluate again, which gives it another.</summary>
    private static readonly TimeSpan _renewBefore = TimeSpan.FromMinutes(1);

    /// <summary>Streams until the ticket is over, the reader goes or stalls, or the service stops.</summary>
    public static async Task<IResult> RunAsync(HttpContext http, FlagCache flags, OfrepTicketIssuer tickets, TimeProvider time, IHostApplicationLifetime lifetime, string? tenant = null, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "in")] string? env = null, string? ticket = null)
    {
        if (tickets.Open(tenant, env, ticket) is not { } opened)
        {
            return new Problem(StatusCodes.Status401Unauthorized, "ticket.invalid", "The ticket is spoiled or over. Evaluate all flags again for another.");
        }

        if (!BuiltInFlagEndpoints.IsSseEnabled(await flags.GetAsync(opened.Scope, http.RequestAborted)))
        {
            return new Problem(StatusCodes.Status403Forbidden, "flags.sse_disabled", "sse_enabled is off for this tenant and env.");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var changed = new SemaphoreSlim(1);
        void Wake(string key) => Release(changed);
        flags.LayerChanged += Wake;
        try
        {
            await StreamChangesAsync(http, flags, opened, changed, time, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has gone, or the service stops: the client comes back.
        }
        catch (StoreUnavailableException)
        {
            // The client comes back; until then its flags stay.
        }
        finally
        {
            flags.LayerChanged -= Wake;
        }

        return Results.Empty;
    }

    /// <summary>Whoever tells of a change, a writer after its commit, may have taken this reader along just before it went.</summary>
    private static void Release(SemaphoreSlim changed)
    {
        try
        {
            changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    private static async Task StreamChangesAsync(HttpContext http, FlagCache flags, OfrepTicket ticket, SemaphoreSlim changed, TimeProvider time, CancellationToken ending)
    {
        Write(http, "retry: 1000\n\n");
        await ResponseFlusher.FlushAsync(http, _writeTimeout, time, ending);
        var seen = http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : ticket.Version;
        var (pinged, isRenewed) = (time.GetTimestamp(), false);
        while (time.GetUtcNow() < ticket.ExpiresAt)
        {
            await changed.WaitAsync(_pollInterval, ending);
            while (changed.Wait(0, CancellationToken.None))
            {
                // Several changes are one notification.
            }

            var configuration = await flags.GetAsync(ticket.Scope, ending);
            if (!BuiltInFlagEndpoints.IsSseEnabled(configuration))
            {
                return;
            }

            if (configuration.Version != seen)
            {
                seen = configuration.Version;
                Write(http, $$"""
                    id: {{seen}}
                    event: message
                    data: {"type":"refetchEvaluation","etag":{{JsonSerializer.Serialize(seen, Client.WireJson.Default.String)}}}


                    """.ReplaceLineEndings("\n"));
                pinged = time.GetTimestamp();
            }
            else if (!isRenewed && time.GetUtcNow() >= ticket.ExpiresAt - _renewBefore)
            {
                isRenewed = true;
                Write(http, "event: message\ndata: {\"type\":\"refetchEvaluation\"}\n\n");
            }
            else if (time.GetElapsedTime(pinged) >= _pingInterval)
            {
                Write(http, ": ping\n\n");
                pinged = time.GetTimestamp();
            }

            await ResponseFlusher.FlushAsync(http, _writeTimeout, time, ending);
        }
    }

    private static void Write(HttpContext http, string text) => Encoding.UTF8.GetBytes(text, http.Response.BodyWriter);
}
