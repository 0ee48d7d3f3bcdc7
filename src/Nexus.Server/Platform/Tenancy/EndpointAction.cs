namespace Nexus.Server.Platform.Tenancy;

/// <summary>What a route does and the weakest role that may. Every route has one, or is open.</summary>
/// <param name="Name">The action's name in gates, events and kill switches, such as <c>card_create</c>.</param>
/// <param name="MinimumRole"><see cref="Role.None"/> for a route that needs a token but no tenant.</param>
/// <param name="Mutates">Whether it changes what is stored. Reads that leave an event do not count.</param>
internal sealed record EndpointAction(string Name, Role MinimumRole, bool Mutates);

/// <summary>Marks a route that answers without a token; the list is fixed by the contract.</summary>
internal sealed class OpenEndpoint;

/// <summary>The largest body of a route, in bytes, where it is not the default of 1 MiB.</summary>
internal sealed record RequestBodyLimit(long Bytes);

/// <summary>Marks an open route that reads its body by itself, piece by piece.</summary>
internal sealed class StreamingBodyMetadata;

/// <summary>How a route says what it does.</summary>
internal static class EndpointActionExtensions
{
    /// <summary>Puts a route behind the whole chain. Whether it mutates follows from its method unless said otherwise.</summary>
    public static RouteHandlerBuilder RequireAction(this RouteHandlerBuilder route, string action, Role weakestRole, bool? mutates = null)
    {
        route.Add(endpoint => endpoint.Metadata.Add(new EndpointAction(action, weakestRole, mutates ?? !IsReadOnly(endpoint))));
        return route;
    }

    /// <summary>Puts a route behind the token check alone: it concerns the caller or the making of a tenant.</summary>
    public static RouteHandlerBuilder RequireActionWithoutTenant(this RouteHandlerBuilder route, string action) => route.RequireAction(action, Role.None);

    /// <summary>Opens a route to everybody. Only routes that the contract lists as open.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(new OpenEndpoint()));
        return route;
    }

    /// <summary>Raises the limit of the body.</summary>
    public static RouteHandlerBuilder WithBodyLimit(this RouteHandlerBuilder route, long bytes) => route.WithMetadata(new RequestBodyLimit(bytes));

    private static bool IsReadOnly(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { } methods && methods.HttpMethods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
