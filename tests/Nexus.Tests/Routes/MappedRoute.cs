using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Tenancy;



namespace Nexus.Tests.Routes;

/// <summary>One method of one endpoint that the running server has mapped.</summary>
internal sealed record MappedRoute(string Method, string Pattern, RouteEndpoint Endpoint)
{
    /// <summary>The route's row in <see cref="Contract"/>; null for one without.</summary>
    public Contract.Row? Row => Contract.Rows.GetValueOrDefault($"{Method} {Pattern}");

    /// <summary>Whether the contract lets anybody in.</summary>
    public bool IsOpen => Row is { IsOpen: true };

    /// <summary>Whether a token is enough.</summary>
    public bool IsWithoutTenant => Row is { WeakestRole: Role.None };

    /// <summary>What the route says it does, and who may; null for one that says nothing.</summary>
    public EndpointAction? Action => Endpoint.Metadata.GetMetadata<EndpointAction>();

    /// <summary>Whether a part of a request can name a tenant to this route: a path without a place for it cannot, nor a body that is no JSON.</summary>
    public bool TakesTenantIn(string part) => part switch
    {
        "path" => Endpoint.RoutePattern.GetParameter("tenant_id") is not null,
        "body" => Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes is not { Count: > 0 } types || types.Contains("application/json", StringComparer.Ordinal),
        _ => true,
    };

    /// <summary>Whether the route carries this mark.</summary>
    public bool HasMetadata<T>() where T : class => Endpoint.Metadata.GetMetadata<T>() is not null;

    /// <summary>Every route of the host, each method by itself.</summary>
    public static IReadOnlyList<MappedRoute> Of(NexusHost host) =>
    [
        .. host.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => new MappedRoute(method, "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/'), endpoint)))
            .OrderBy(route => route.ToString(), StringComparer.Ordinal),
    ];

    /// <summary>A path of this route, each parameter replaced by what <paramref name="value"/> makes of its name.</summary>
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
