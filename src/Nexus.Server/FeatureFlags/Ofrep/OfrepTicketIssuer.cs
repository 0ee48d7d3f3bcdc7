using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.FeatureFlags.Ofrep;

/// <summary>
/// What opens the event stream: a browser's EventSource sends no header, so the URL carries the credential. It is good for ten minutes and
/// for hearing that flags changed, nothing else, and is never logged. It also says which flags its holder has seen, so that a change
/// made before the stream is opened is heard.
/// </summary>
internal sealed class OfrepTicketIssuer(CursorCodec seal, PublicUrl url, TimeProvider time)
{
    private const string Purpose = "ofrep-stream";
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A number that changes within the life of every ticket. A tag of an answer with a ticket holds it: otherwise a client would be told
    /// that nothing changed, and go on with a ticket that is over.
    /// </summary>
    public long RotationWindow => time.GetUtcNow().UtcTicks / (_lifetime.Ticks / 2);

    /// <summary>Where the caller may listen.</summary>
    /// <param name="request">Its scheme and host count where no public URL is configured.</param>
    /// <param name="context">Whose changes.</param>
    /// <param name="version">The flags that the caller is told.</param>
    public string CreateStreamUrl(HttpRequest request, RequestContext context, string version)
    {
        var ticket = seal.Encode(
            context.TenantId,
            context.Env,
            Purpose,
            (time.GetUtcNow() + _lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            version);
        return (url.Configured?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}")
            + "/ofrep/v1/stream?tenant="
            + Uri.EscapeDataString(context.TenantId)
            + "&in="
            + context.Env
            + "&ticket="
            + Uri.EscapeDataString(ticket);
    }

    /// <summary>
    /// Whose changes a ticket lets its holder hear, until when and since which version; null for one that is spoiled, another's or over.
    /// </summary>
    public OfrepTicket? Open(string? tenant, string? env, string? ticket) =>
        tenant is not null && env is not null && ticket is not null
        && seal.TryDecode(ticket, tenant, env, Purpose, out var parts) && parts is [var until, var version]
        && DateTimeOffset.FromUnixTimeSeconds(long.Parse(until, CultureInfo.InvariantCulture)) is var end && end > time.GetUtcNow()
            ? new OfrepTicket(new Scope(tenant, env), end, version)
            : null;
}
