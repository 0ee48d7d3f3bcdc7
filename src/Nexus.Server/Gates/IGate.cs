using Nexus.Server.Http;
using Nexus.Server.Tenancy;

namespace Nexus.Server.Gates;

/// <summary>One reason why a member may not do now what their role allows.</summary>
internal interface IGate
{
    /// <summary>Its name in refusals and events.</summary>
    string Name { get; }

    /// <summary>Lets the request through with null, or refuses it. A store that cannot be reached is a refusal.</summary>
    /// <param name="context">For whom.</param>
    /// <param name="action">What.</param>
    /// <param name="http">For headers about the gate's state.</param>
    ValueTask<Problem?> CheckAsync(RequestContext context, EndpointAction action, HttpContext http);
}
