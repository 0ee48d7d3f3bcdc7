namespace Nexus.Server.Platform.Tenancy;

/// <summary>
/// What a route does and the weakest role that may. Every route declares one, or <c>AllowAnonymous()</c>; one that declares neither is
/// refused.
/// </summary>
/// <param name="Name">The action's name in gates, events and kill switches, such as <c>card_create</c>.</param>
/// <param name="MinimumRole"><see cref="Role.None"/> for a route that needs a token but no tenant.</param>
/// <param name="Mutates">Whether it changes what is stored. Reads that leave an event do not count.</param>
internal sealed record EndpointAction(string Name, Role MinimumRole, bool Mutates);

/// <summary>The largest body of a route, in bytes, where it is not the default of 1 MiB.</summary>
internal sealed record RequestBodyLimit(long Bytes);

/// <summary>Marks an anonymous route whose handler reads the body as a stream.</summary>
internal sealed class StreamingBodyMetadata;

/// <summary>Declares what a route does.</summary>
internal static class EndpointActionExtensions
{
    /// <summary>
    /// Requires a member of the tenant with at least this role. Whether the route mutates follows from its method unless given.
    /// </summary>
    public static RouteHandlerBuilder RequireAction(this RouteHandlerBuilder route, string action, Role minimumRole, bool? mutates = null)
    {
        route.Add(endpoint => endpoint.Metadata.Add(new EndpointAction(action, minimumRole, mutates ?? !IsReadOnly(endpoint))));
        return route;
    }

    /// <summary>Requires a valid token and no tenant: for routes about the caller, and for creating tenants.</summary>
    public static RouteHandlerBuilder RequireTenantlessAction(this RouteHandlerBuilder route, string action) =>
        route.RequireAction(action, Role.None);

    /// <summary>Raises the limit of the body.</summary>
    public static RouteHandlerBuilder WithBodyLimit(this RouteHandlerBuilder route, long bytes) =>
        route.WithMetadata(new RequestBodyLimit(bytes));

    private static bool IsReadOnly(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { } methods
            && methods.HttpMethods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
