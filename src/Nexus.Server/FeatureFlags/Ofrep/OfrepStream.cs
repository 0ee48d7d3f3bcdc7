using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
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
    private static readonly TimeSpan _pollInterval = TimeSpan.FromSeconds(2);

    /// <summary>So long before its ticket is over a client is told to evaluate again, which gives it another.</summary>
    private static readonly TimeSpan _renewBefore = TimeSpan.FromMinutes(1);

    /// <summary>Streams until the ticket is over, the reader goes or stalls, or the service stops.</summary>
    public static async Task<Results<EmptyHttpResult, Problem>> RunAsync(
        HttpContext http, FlagCache flags, OfrepTicketIssuer tickets, TimeProvider time, IHostApplicationLifetime lifetime,
        string? tenant = null, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "in")] string? env = null, string? ticket = null)
    {
        if (tickets.Open(tenant, env, ticket) is not { } opened)
        {
            return new Problem(
                ProblemCodes.TicketInvalid, "This ticket is invalid or has expired. Evaluate all flags again to get a new one.");
        }

        if (!BuiltInFlagEndpoints.IsSseEnabled(await flags.GetAsync(opened.Scope, http.RequestAborted)))
        {
            return new Problem(ProblemCodes.FlagsSseDisabled, "The flag sse_enabled is off for this tenant and env.");
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
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

        return TypedResults.Empty;
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

    private static async Task StreamChangesAsync(
        HttpContext http, FlagCache flags, OfrepTicket ticket, SemaphoreSlim changed, TimeProvider time, CancellationToken ending)
    {
        var events = ServerSentEventWriter.Start(http, time);
        await events.FlushAsync(ending);
        var seen = http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : ticket.Version;
        var isRenewed = false;
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
                var etag = JsonSerializer.Serialize(seen, Client.WireJson.Default.String);
                events.WriteEvent($$"""{"type":"refetchEvaluation","etag":{{etag}}}""", id: seen, type: "message");
                events.RestartPing();
            }
            else if (!isRenewed && time.GetUtcNow() >= ticket.ExpiresAt - _renewBefore)
            {
                isRenewed = true;
                events.WriteEvent("""{"type":"refetchEvaluation"}""", type: "message");
            }
            else if (events.IsPingDue)
            {
                events.WriteComment("ping");
                events.RestartPing();
            }

            await events.FlushAsync(ending);
        }
    }
}
