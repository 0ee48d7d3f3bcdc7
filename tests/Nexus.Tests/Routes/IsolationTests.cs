using System.Text;
using Nexus.Server.Platform.Storage;


namespace Nexus.Tests.Routes;

/// <summary>A tenant's data does not exist for another tenant, on any route.</summary>
public sealed class IsolationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Id_of_other_tenant_is_indistinguishable_from_unknown_id(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var first = NexusHost.NewTenant();
        using var owner = await OwnerAsync(host, first);
        var ids = await MakeAllAsync(owner, first);
        var wrong = new List<string>();
        foreach (var route in RoutesWithAnId(host))
        {
            // A new tenant for each route, because one route may change the next one's response.
            var second = NexusHost.NewTenant();
            using var stranger = await OwnerAsync(host, second);
            if (Maker(route) is not { } maker)
            {
                wrong.Add($"{route}: say in RouteSamples.Makers how to make one");
                continue;
            }

            var theirs = await AskAsync(stranger, route, second, ids[maker]);
            var nobodys = await AskAsync(stranger, route, second, Id.New());
            if (RouteSamples.CreatesIfMissing(route)
                ? theirs.Status != 200 || nobodys.Status != 200
                : theirs != nobodys || (theirs.Status != 404 && !RouteSamples.AcceptsAnyId(route)))
            {
                wrong.Add(
                    $"{route}: {theirs}\n{theirs.Headers}{theirs.Body}\nbut one that never "
                    + $"existed: {nobodys}\n{nobodys.Headers}{nobodys.Body}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Id_of_other_env_returns_404(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var owner = await OwnerAsync(host, tenant);
        using var elsewhere = host.Client(tenant, "u_" + tenant, "owner", "dev");
        var ids = await MakeAllAsync(owner, tenant);
        var wrong = new List<string>();
        // Members and API keys belong to the tenant, regardless of the env.
        foreach (var route in RoutesWithAnId(host)
            .Where(route => !route.Pattern.StartsWith("/tenants/", StringComparison.Ordinal) && !RouteSamples.AcceptsAnyId(route)))
        {
            if (Maker(route) is { } maker && await AskAsync(elsewhere, route, tenant, ids[maker]) is { Status: not 404 } found)
            {
                wrong.Add($"{route}: {found}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task No_list_includes_data_of_other_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var (first, second) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        using var owner = await OwnerAsync(host, first);
        using var stranger = await OwnerAsync(host, second);
        var ids = await MakeAllAsync(owner, first);
        string[] secrets = [first, RouteSamples.Marker, .. ids.Values];
        var wrong = new List<string>();
        foreach (var route in MappedRoute.List(host)
            .Where(
                route =>
                    route.Method == "GET"
                        && !IdsOf(route).Any()
                        && !route.IsOpen
                        && !route.Pattern.EndsWith("/stream", StringComparison.Ordinal)))
        {
            using var answer = await stranger.GetAsync(new Uri(route.Path(_ => second), UriKind.Relative), Cancelled);
            var said = await answer.Content.ReadAsStringAsync(Cancelled);
            wrong.AddRange(
                secrets.Where(secret => said.Contains(secret, StringComparison.Ordinal)).Select(secret => $"{route}: shows {secret}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Search_and_pack_find_nothing_of_other_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var (first, second) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        using var owner = await OwnerAsync(host, first);
        using var stranger = await OwnerAsync(host, second);
        await MakeAllAsync(owner, first);
        using var query = new StringContent($$"""{"query_text":"{{RouteSamples.Marker}}"}""", Encoding.UTF8, "application/json");
        using var found = await stranger.PostAsync(new Uri("/nexus/search", UriKind.Relative), query, Cancelled);
        (await found.Content.ReadAsStringAsync(Cancelled)).ShouldBe("[]");
        using var want = new StringContent(
            $$$"""{"query":{"query_text":"{{{RouteSamples.Marker}}}"}}""",
            Encoding.UTF8,
            "application/json");
        using var pack = await stranger.PostAsync(new Uri("/nexus/influence-pack", UriKind.Relative), want, Cancelled);
        (await pack.Content.ReadAsStringAsync(Cancelled)).ShouldContain("\"card_refs\":[]");
    }

    /// <summary>Creates the tenant in the store, so that its administration routes work too.</summary>
    private static async Task<HttpClient> OwnerAsync(NexusHost host, string tenant)
    {
        var client = host.Client(tenant, "u_" + tenant, "owner");
        using var body = new StringContent($$"""{"tenant_id":"{{tenant}}","name":"{{tenant}}"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/tenants", UriKind.Relative), body, Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancelled));
        return client;
    }

    private static async Task<Dictionary<string, string>> MakeAllAsync(HttpClient owner, string tenant)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (pattern, make) in RouteSamples.Makers)
        {
            ids[pattern] = await make(owner, tenant, Cancelled);
        }

        return ids;
    }

    private static IEnumerable<MappedRoute> RoutesWithAnId(NexusHost host) =>
        MappedRoute.List(host).Where(route => !route.IsOpen && IdsOf(route).Any());

    private static IEnumerable<string> IdsOf(MappedRoute route) =>
        route.Endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).Where(name => name != "tenant_id");

    private static string? Maker(MappedRoute route) => RouteSamples.Makers.Keys
        .Where(pattern => route.Pattern == pattern || route.Pattern.StartsWith(pattern + "/", StringComparison.Ordinal))
        .MaxBy(pattern => pattern.Length);

    /// <summary>Returns the response without the requested id, which is all that may differ.</summary>
    private static async Task<Answer> AskAsync(HttpClient client, MappedRoute route, string tenant, string id)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(route.Method),
            route.Path(name => name switch { "tenant_id" => tenant, "kind" => "card", _ => id }));
        request.Headers.Add("X-Request-Id", "isolation");
        request.Headers.Add("X-Trace-Id", "isolation");
        request.Content = RouteSamples.Body(route);
        RouteSamples.Prepare(route, request.Headers);
        var answer = await Answer.OfAsync(client, request, Cancelled);
        return answer with
        {
            Body = answer.Body.Replace(id, "…", StringComparison.Ordinal),
            Headers = answer.Headers.Replace(id, "…", StringComparison.Ordinal),
        };
    }
}
