using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Template;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// Explains what the framework refuses before a handler runs: a parameter it could not bind, a method or a content type that no route
/// takes. It looks at the request again, since the framework's own messages name our types.
/// </summary>
internal static class RequestParameters
{
    /// <summary>A time as answers to malformed ones show it.</summary>
    public const string ExampleTime = "2026-11-28T00:00:00Z";

    /// <summary>The first parameter of the route's handler that the request lacks or spells wrongly; null where there is none.</summary>
    public static FieldError? FindError(HttpContext http)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var parameter in http.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            if (DescribeFormat(type) is not { } format)
            {
                continue;
            }

            var (name, value) = Read(http, parameter);
            if (string.IsNullOrEmpty(value))
            {
                if (!parameter.HasDefaultValue && nullability.Create(parameter).WriteState == NullabilityState.NotNull)
                {
                    return new FieldError(name, "is required.");
                }
            }
            else if (!CanParse(type, value))
            {
                return new FieldError(name, $"must be {format}.");
            }
        }

        return null;
    }

    /// <summary>The content types that the routes of this path and method accept.</summary>
    public static IReadOnlyCollection<string> GetAcceptedContentTypes(HttpContext http) =>
    [
        .. http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(http.Request.Method) == true
                && new TemplateMatcher(new RouteTemplate(route.RoutePattern), new RouteValueDictionary()).TryMatch(
                    http.Request.Path, new RouteValueDictionary()))
            .SelectMany(route => route.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? [])
            .Distinct(StringComparer.Ordinal),
    ];

    private static (string Name, string? Value) Read(HttpContext http, ParameterInfo parameter)
    {
        var sources = parameter.GetCustomAttributes();
        if (sources.OfType<IFromHeaderMetadata>().FirstOrDefault() is { } header)
        {
            return (header.Name ?? parameter.Name!, http.Request.Headers[header.Name ?? parameter.Name!]);
        }

        var name = sources.OfType<IFromRouteMetadata>().FirstOrDefault()?.Name
            ?? sources.OfType<IFromQueryMetadata>().FirstOrDefault()?.Name
            ?? parameter.Name!;
        return (name, http.Request.RouteValues.TryGetValue(name, out var value) ? value as string : http.Request.Query[name]);
    }

    private static string? DescribeFormat(Type type) =>
        type == typeof(string) ? "a string"
        : type == typeof(int) || type == typeof(long) ? "an integer"
        : type == typeof(bool) ? "true or false"
        : type == typeof(DateTimeOffset) ? $"an RFC 3339 time, for example {ExampleTime}"
        : null;

    private static bool CanParse(Type type, string value) =>
        type == typeof(int) ? int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(long) ? long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
        : type == typeof(bool) ? bool.TryParse(value, out _)
        : type != typeof(DateTimeOffset) || DateTimeOffset.TryParse(
            value, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out _);
}
