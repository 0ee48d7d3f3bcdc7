using Nexus.Server.Http;
using Nexus.Server.Storage;
using Nexus.Server.Tenancy;

namespace Nexus.Server.FeatureFlags.Ofrep;

/// <summary>
/// What opens the event stream: a browser's EventSource sends no header, so the URL carries the credential. It is good for ten minutes and
/// for hearing that flags changed, nothing else, and is never logged.
/// </summary>
internal sealed class OfrepTickets(Cursors seal, PublicUrl url, TimeProvider time)
{
    private const string Purpose = "ofrep-stream";
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Where the caller may listen.</summary>
    public string Url(HttpRequest request, RequestContext context)
    {
        var ticket = seal.Seal(context.TenantId, context.Env, Purpose, (time.GetUtcNow() + _lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return (url.Configured?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}") + "/ofrep/v1/stream?tenant=" + Uri.EscapeDataString(context.TenantId) + "&in=" + context.Env + "&ticket=" + Uri.EscapeDataString(ticket);
    }

    /// <summary>Whose changes a ticket lets its holder hear, and until when; null for one that is spoiled, another's or over.</summary>
    public (Scope Scope, DateTimeOffset Until)? Open(string? tenant, string? env, string? ticket) =>
        tenant is not null && env is not null && ticket is not null
        && seal.TryOpen(ticket, tenant, env, Purpose, out var parts) && parts is [var until]
        && DateTimeOffset.FromUnixTimeSeconds(long.Parse(until, CultureInfo.InvariantCulture)) is var end && end > time.GetUtcNow()
            ? (new Scope(tenant, env), end)
            : null;
}
