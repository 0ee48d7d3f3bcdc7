using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Tenancy;



namespace Nexus.Tests.Routes;

/// <summary>A method of an endpoint mapped by the running server.</summary>
internal sealed record MappedRoute(string Method, string Pattern, RouteEndpoint Endpoint)
{
    /// <summary>The route's row in <see cref="Contract"/>; null if there is none.</summary>
    public Contract.Row? Row => Contract.Rows.GetValueOrDefault($"{Method} {Pattern}");

    public bool IsOpen => Row is { IsOpen: true };

    /// <summary>Whether a token without a tenant is enough.</summary>
    public bool IsWithoutTenant => Row is { WeakestRole: Role.None };

    /// <summary>The action declared by the route; null if there is none.</summary>
    public EndpointAction? Action => Endpoint.Metadata.GetMetadata<EndpointAction>();

    /// <summary>
    /// Returns whether a part of a request can name the tenant: only a path with a placeholder for it, and only a JSON body.
    /// </summary>
    public bool TakesTenantIn(string part) => part switch
    {
        "path" => Endpoint.RoutePattern.GetParameter("tenant_id") is not null,
        "body" =>
            Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is not { Count: > 0 } types
                || types.Contains("application/json", StringComparer.Ordinal),
        _ => true,
    };

    public bool HasMetadata<T>() where T : class => Endpoint.Metadata.GetMetadata<T>() is not null;

    /// <summary>Returns every route of the host, one per method.</summary>
    public static IReadOnlyList<MappedRoute> List(NexusHost host) =>
    [
        .. host.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => new MappedRoute(method, "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/'), endpoint)))
            .OrderBy(route => route.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>Returns a path of this route. <paramref name="value"/> returns the value of a parameter by its name.</summary>
    public string Path(Func<string, string> value)
    {
        var path = new StringBuilder();
        foreach (var segment in Endpoint.RoutePattern.PathSegments)
        {
            path.Append('/');
            foreach (var part in segment.Parts)
            {
                path.Append(part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternSeparatorPart separator => separator.Content,
                    RoutePatternParameterPart parameter => Uri.EscapeDataString(value(parameter.Name)),
                    _ => throw new InvalidOperationException($"{part} in {Pattern}"),
                });
            }
        }

        return path.Length == 0 ? "/" : path.ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Pattern} {Method}";
}
