using System.Reflection;
using Nexus.Server.Platform.Paging;
using Nexus.Server.Platform.Tenancy;


namespace Nexus.Tests.Routes;

/// <summary>Rules that hold on every route, tested on every route the running server has mapped.</summary>
public sealed class RouteSweepTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Every_route_matches_its_contract_row(string engine)
    {
        var routes = MappedRoute.List(await NexusHost.SharedAsync(engine))
            .ToDictionary(route => $"{route.Method} {route.Pattern}", Contract.Of, StringComparer.Ordinal);
        routes.Where(route => route.Value is null)
            .Select(route => $"{route.Key} says neither its action and weakest role nor that it is open")
            .ShouldBeEmpty();
        var said = routes.Select(route => $"{route.Key} {route.Value}").ToList();
        var written = Contract.Rows.Select(row => $"{row.Key} {row.Value}").ToList();
        said.Except(written, StringComparer.Ordinal).ShouldBeEmpty("these stand in no row");
        written.Except(said, StringComparer.Ordinal).ShouldBeEmpty("these are in no server");
    }

    [Theory, Engines]
    public async Task Every_route_requires_token(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Anonymous();
        var wrong = await SweepAsync(
            host,
            client,
            route => !route.IsOpen,
            answer => answer.IsProblem(401, "auth.missing") && answer.Challenge == "Bearer");
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_rejects_invalid_token(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Bearer(TrustedToken.Mint("u_1", (Tenant, "owner"))[..^4] + "AAAA");
        client.DefaultRequestHeaders.Add("X-Tenant-Id", Tenant);
        client.DefaultRequestHeaders.Add("X-Env", "prod");
        var wrong = await SweepAsync(
            host,
            client,
            route => !route.IsOpen,
            answer => answer.IsProblem(401, "auth.invalid") && answer.Challenge.StartsWith("Bearer", StringComparison.Ordinal));
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_rejects_owner_of_other_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Bearer(TrustedToken.Mint("u_1", (NexusHost.NewTenant(), "owner")));
        var wrong = new List<string>();
        foreach (var part in new[] { "header", "query", "body" })
        {
            wrong.AddRange(await SweepAsync(
                host, client, route =>
                    IsTenantScoped(route) && route.TakesTenantIn(part), answer => answer.IsProblem(403, "auth.tenant_mismatch"),
                new Named().With("tenant", part, Tenant).With("env", "header", "prod")));
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_rejects_conflicting_tenants(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var (a, b) = (NexusHost.NewTenant(), NexusHost.NewTenant());
        var token = TrustedToken.Mint("u_1", (a, "owner"), (b, "owner"));
        using var client = host.Bearer(token);
        var wrong = new List<string>();
        foreach (var (one, other) in Pairs("token", "header", "query", "path", "body"))
        {
            // A header, query or body overrides the default of a token, so only a path can conflict with it.
            if (one == "token" && other != "path")
            {
                continue;
            }

            foreach (var (first, second) in one == "token" ? new[] { (a, b) } : [(a, b), (b, a)])
            {
                wrong.AddRange(await SweepAsync(
                    host,
                    client,
                    route => IsTenantScoped(route) && route.TakesTenantIn(one) && route.TakesTenantIn(other),
                    answer => answer.IsProblem(400, "context.mismatch"),
                    new Named().With("tenant", "path", first)
                        .With("tenant", one, first)
                        .With("tenant", other, second)
                        .With("env", "header", "prod")));
            }
        }

        wrong.ShouldBeEmpty();
        await ShouldHaveStoredNothingAsync(host, token, a, b);
    }

    [Theory, Engines]
    public async Task Every_route_rejects_conflicting_envs(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        var token = TrustedToken.Mint("u_1", (tenant, "owner"));
        using var client = host.Bearer(token);
        var wrong = new List<string>();
        foreach (var (one, other) in Pairs("header", "query", "body"))
        {
            foreach (var (first, second) in new[] { ("prod", "dev"), ("staging", "prod") })
            {
                wrong.AddRange(await SweepAsync(
                    host, client, route =>
                        IsTenantScoped(route) && route.TakesTenantIn(one) && route.TakesTenantIn(other), answer =>
                            answer.IsProblem(400, "context.mismatch"),
                    new Named().With("tenant", "path", tenant).With("env", one, first).With("env", other, second)));
            }
        }

        wrong.ShouldBeEmpty();
        await ShouldHaveStoredNothingAsync(host, token, tenant);
    }

    [Theory, Engines]
    public async Task Every_route_rejects_API_key_of_other_env(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant);
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var key =
            (await owner.Json("POST", $"/tenants/{tenant}/api-keys", """{"name":"K","role":"admin","env":"prod"}""")).Ok()
                .GetProperty("key")
                .GetString()!;
        using var client = host.Bearer(key);
        var wrong = new List<string>();
        foreach (var part in new[] { "header", "query", "body" })
        {
            wrong.AddRange(await SweepAsync(
                host, client, route =>
                    IsTenantScoped(route) && route.TakesTenantIn(part), answer => answer.IsProblem(400, "context.mismatch"),
                new Named().With("tenant", "path", tenant).With("env", part, "dev")));
        }

        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_route_rejects_mismatched_user_header(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var client = host.Client(Tenant, "u_1", "owner");
        client.DefaultRequestHeaders.Add("X-User-Id", "u_2");
        var wrong = await SweepAsync(host, client, route => !route.IsOpen, answer => answer.IsProblem(400, "context.mismatch"));
        wrong.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_mutation_rejects_viewer(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var viewer = Caller.Create(host, "viewer", tenant);
        using var client = host.Client(tenant, viewer.User, "viewer");
        // A viewer may only change their own data, which these ids are not.
        var wrong = await SweepAsync(
            host, client, route =>
                IsTenantScoped(route) && route.Row is { Writes: true }, answer => answer.IsProblem(403, "auth.role"),
                new Named().With("tenant", "path", tenant));
        wrong.ShouldBeEmpty();
        (await viewer.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Every_list_rejects_invalid_limit_and_cursor(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var tenant = NexusHost.NewTenant();
        using var owner = Caller.Create(host, "owner", tenant);
        var lists = MappedRoute.List(host)
            .Where(
                route =>
                    route.Endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
                        .Any(parameter => parameter.ParameterType == typeof(PageRequest)) == true)
            .Select(route => route.Path(name => name == "tenant_id" ? tenant : "0190a000-0000-7000-8000-000000000000"))
            .ToList();
        lists.Count.ShouldBeGreaterThan(10);
        foreach (var list in lists)
        {
            (await owner.Get($"{list}?limit=0")).Refused(422, "limit.invalid");
            (await owner.Get($"{list}?limit=101")).Refused(422, "limit.invalid");
            (await owner.Get($"{list}?cursor=AAAA")).Refused(400, "cursor.invalid");
        }

        (await owner.EventTypes()).ShouldBeEmpty();
    }

    [Fact]
    public void Only_listed_POST_routes_are_read_only() => Contract.Rows
        .Where(row => !row.Value.IsOpen && row.Value.Writes == row.Key.StartsWith("GET ", StringComparison.Ordinal))
        .Select(row => row.Key)
        .ShouldBe(
            ["POST /gates/check", "POST /nexus/search", "POST /feature-flags/definitions/{key}/explain", "POST /ofrep/v1/evaluate/flags", "POST /ofrep/v1/evaluate/flags/{key}"],
            ignoreOrder: true);

    [Theory, Engines]
    public async Task Every_route_rejects_role_below_required(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var wrong = new List<string>();
        foreach (var weakest in new[] { Role.Member, Role.Admin, Role.Owner })
        {
            using var client = host.Client(Tenant, "u_weak_" + weakest.ToWireName(), (weakest - 1).ToWireName());
            wrong.AddRange(
                await SweepAsync(host, client, route => route.Row?.WeakestRole == weakest, answer => answer.IsProblem(403, "auth.role")));
        }

        wrong.ShouldBeEmpty();
    }

    private static string Tenant { get; } = NexusHost.NewTenant();

    private static bool IsTenantScoped(MappedRoute route) => !route.IsOpen && !route.IsWithoutTenant;

    /// <summary>Returns every pair once.</summary>
    private static IEnumerable<(string One, string Other)> Pairs(params string[] parts) =>
        parts.SelectMany((one, at) => parts[(at + 1)..].Select(other => (one, other)));

    private static async Task ShouldHaveStoredNothingAsync(NexusHost host, string token, params string[] tenants)
    {
        foreach (var (tenant, env) in tenants.SelectMany(tenant => new[] { (tenant, "prod"), (tenant, "dev"), (tenant, "staging") }))
        {
            using var caller = Caller.WithToken(host, token, tenant, env);
            (await caller.State()).ShouldNotContain(character => char.IsBetween(character, '1', '9'));
        }
    }

    private static async Task<IReadOnlyList<string>> SweepAsync(
        NexusHost host, HttpClient client, Func<MappedRoute, bool> which, Func<Answer, bool> right, Named? named = null)
    {
        var wrong = new List<string>();
        foreach (var route in MappedRoute.List(host).Where(which))
        {
            using var request = (named ?? new Named()).Request(route, Tenant);
            var answer = await Answer.OfAsync(client, request, Cancelled);
            if (!right(answer))
            {
                wrong.Add($"{request.Method} {request.RequestUri}: {answer}");
            }
        }

        return wrong;
    }
}
