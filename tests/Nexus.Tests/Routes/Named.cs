using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Routes;

/// <summary>A request that names its tenant and env in the parts the test chooses. Other parts name nothing.</summary>
internal sealed class Named
{
    private const string NoId = "0190a000-0000-7000-8000-000000000000";

    private readonly Dictionary<(string What, string Part), string> _parts = [];

    /// <summary>
    /// Sets the <c>tenant</c> or <c>env</c> in the <c>header</c>, <c>query</c>, <c>path</c> or <c>body</c>. For <c>token</c>, the
    /// token names it.
    /// </summary>
    public Named With(string what, string part, string value)
    {
        _parts[(what, part)] = value;
        return this;
    }

    /// <summary>Creates the request to a route. If the path needs a tenant and none was set, it names <paramref name="tenant"/>.</summary>
    public HttpRequestMessage Request(MappedRoute route, string tenant)
    {
        var path = route.Path(name => name == "tenant_id" ? _parts.GetValueOrDefault(("tenant", "path"), tenant) : NoId);
        var query = string.Join('&', In("query").Select(named => $"{Key(named.What)}={Uri.EscapeDataString(named.Value)}"));
        var request = new HttpRequestMessage(new HttpMethod(route.Method), query.Length == 0 ? path : $"{path}?{query}");
        foreach (var (what, value) in In("header"))
        {
            request.Headers.Add(what == "tenant" ? "X-Tenant-Id" : "X-Env", value);
        }

        if (In("body").ToDictionary(named => Key(named.What), named => named.Value, StringComparer.Ordinal) is { Count: > 0 } body)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static string Key(string what) => what == "tenant" ? "tenant_id" : what;

    private IEnumerable<(string What, string Value)> In(string part) =>
        _parts.Where(named => named.Key.Part == part).Select(named => (named.Key.What, named.Value));
}
