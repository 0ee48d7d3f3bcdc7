using Nexus.Server.Gates;
using Nexus.Server.Tenancy;

namespace Nexus.Tests.Routes;

/// <summary>Rules that hold on every route, asked of every route that the running server has mapped.</summary>
public sealed class RouteSweepTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Every_route_is_open_by_contract_or_says_its_action_and_weakest_role(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var routes = MappedRoute.Of(host);
        routes.Count.ShouldBeGreaterThan(10);
        var wrong = routes.Where(route => route.IsOpen
            ? !route.Says<OpenEndpoint>()
            : route.Says<OpenEndpoint>() || route.Action is not { Name.Length: > 0 } action || action.WeakestRole == Role.None != route.IsWithoutTenant);
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_asks_for_a_token(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Anonymous();
        var wrong = await SweepAsync(host, client, route => !route.IsOpen, answer => answer.IsProblem(401, "auth.missing") && answer.Challenge == "Bearer");
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_refuses_a_token_that_does_not_verify(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Bearer(TrustedToken.Mint("u_1", (Tenant, "owner"))[..^4] + "AAAA");
        client.DefaultRequestHeaders.Add("X-Tenant-Id", Tenant);
        client.DefaultRequestHeaders.Add("X-Env", "prod");
        var wrong = await SweepAsync(host, client, route => !route.IsOpen, answer => answer.IsProblem(401, "auth.invalid") && answer.Challenge.StartsWith("Bearer", StringComparison.Ordinal));
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_refuses_an_owner_of_another_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Bearer(TrustedToken.Mint("u_1", (NexusHost.NewTenant(), "owner")));
        client.DefaultRequestHeaders.Add("X-Tenant-Id", Tenant);
        client.DefaultRequestHeaders.Add("X-Env", "prod");
        var wrong = await SweepAsync(host, client, route => !route.IsOpen && !route.IsWithoutTenant, answer => answer.IsProblem(403, "auth.tenant_mismatch"));
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_refuses_a_role_weaker_than_its_weakest(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var wrong = new List<string>();
        foreach (var weakest in new[] { Role.Member, Role.Admin, Role.Owner })
        {
            using var client = host.Client(Tenant, "u_weak_" + weakest.Name(), (weakest - 1).Name());
            wrong.AddRange(await SweepAsync(host, client, route => route.Action?.WeakestRole == weakest, answer => answer.IsProblem(403, "auth.role")));
        }

        wrong.ShouldBeEmpty();
    }

    private static string Tenant { get; } = NexusHost.NewTenant();

    private static async Task<IReadOnlyList<string>> SweepAsync(NexusHost host, HttpClient client, Func<MappedRoute, bool> which, Func<Answer, bool> right)
    {
        var wrong = new List<string>();
        foreach (var route in MappedRoute.Of(host).Where(which))
        {
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path(name => name == "tenant_id" ? Tenant : "0190a000-0000-7000-8000-000000000000"));
            var answer = await Answer.OfAsync(client, request, Cancelled);
            if (!right(answer))
            {
                wrong.Add($"{route}: {answer}");
            }
        }

        return wrong;
    }
}
