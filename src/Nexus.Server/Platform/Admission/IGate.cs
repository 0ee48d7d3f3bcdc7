using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>One reason why a member may not do now what their role allows.</summary>
internal interface IGate
{
    /// <summary>Its name in refusals and events.</summary>
    string Name { get; }

    /// <summary>Lets the request through with null, or refuses it. A store that cannot be reached is a refusal.</summary>
    /// <param name="context">For whom.</param>
    /// <param name="action">What.</param>
    /// <param name="request">The request that is counted, whose answer tells of the gate's state; null where somebody only asks, which uses nothing up.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    ValueTask<Problem?> CheckAsync(RequestContext context, EndpointAction action, HttpContext? request, CancellationToken cancellationToken);

    /// <summary>What the gate would add for somebody who asks before acting, though it lets the action pass; null for nothing.</summary>
    ValueTask<string?> GetWarningAsync(RequestContext context, EndpointAction action, CancellationToken cancellationToken) => default;
}
