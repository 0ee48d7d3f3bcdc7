using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>A check that may refuse a member something their role allows.</summary>
internal interface IGate
{
    /// <summary>The name used in refusals and events.</summary>
    string Name { get; }

    /// <summary>
    /// Checks a request. Returns null to admit it, or the refusal. If the store is not available, the request is refused.
    /// </summary>
    /// <param name="request">
    /// The request to count, whose response headers describe the gate's state. Null for a query only, which counts nothing.
    /// </param>
    ValueTask<Problem?> CheckAsync(
        RequestContext context, EndpointAction action, HttpContext? request, CancellationToken cancellationToken);

    /// <summary>What the gate would add for somebody who asks before acting, though it lets the action pass; null for nothing.</summary>
    ValueTask<string?> GetWarningAsync(RequestContext context, EndpointAction action, CancellationToken cancellationToken) => default;
}
