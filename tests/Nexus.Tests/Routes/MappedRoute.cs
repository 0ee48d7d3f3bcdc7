using System.Text;

using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

using Nexus.Server.Gates;

namespace Nexus.Tests.Routes;

/// <summary>One method of one endpoint that the running server has mapped.</summary>
internal sealed record MappedRoute(string Method, string Pattern, RouteEndpoint Endpoint)
{
    /// <summary>
    /// What the contract lets anybody call without a token. A trailing <c>*</c> stands for anything below.
    /// </summary>
    private static readonly string[] OpenByContract =
    [
        "/healthz", "/readyz", "/openapi/*", "/docs", "/docs/*", "/.well-known/*",
        "/auth/login", "/auth/signup", "/auth/refresh",
        // The first start, and one-time links: what is posted is itself the credential.
        "/setup", "/auth/setup", "/auth/redeem",
        // The file store's forms are signed.
        "/nexus/raw/uploads",
    ];

    /// <summary>What needs a token but speaks for no tenant.</summary>
    private static readonly string[] WithoutTenant =
        ["GET /auth/me", "POST /auth/logout", "POST /auth/password", "GET /tenants", "POST /tenants"];

    /// <summary>Whether the contract lets anybody in.</summary>
    public bool IsOpen => OpenByContract.Any(open => open.EndsWith('*') ? Pattern.StartsWith(open[..^1], StringComparison.Ordinal) : Pattern == open);

    /// <summary>Whether a token is enough.</summary>
    public bool IsWithoutTenant => WithoutTenant.Contains($"{Method} {Pattern}", StringComparer.Ordinal);

    /// <summary>What the route says it does, and who may; null for one that says nothing.</summary>
    public EndpointAction? Action => Endpoint.Metadata.GetMetadata<EndpointAction>();

    /// <summary>Whether the route carries this mark.</summary>
    public bool Says<T>() where T : class => Endpoint.Metadata.GetMetadata<T>() is not null;

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
