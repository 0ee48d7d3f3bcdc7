using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Hosting;

namespace Nexus.Testing;

/// <summary>Runs the real server on its own loopback port, on either engine, with a temporary data folder or its own database.</summary>
/// <remarks>
/// By default, tests use <see cref="SharedAsync(string)"/>, which returns one host per engine for the whole run, and new tenants
/// (<see cref="NewTenant"/>). A test that changes settings, restarts, or uses <c>t_system</c> starts its own host with
/// <see cref="StartAsync"/>.
/// </remarks>
public sealed class NexusHost : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<NexusHost>>> _shared = new(StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        Expect100ContinueTimeout = Timeout.InfiniteTimeSpan,
    };
    private readonly TimeProvider _clock;
    private WebApplication? _app;

    private NexusHost(string engine, string folder, IReadOnlyDictionary<string, string?> settings, TimeProvider clock) =>
        (Engine, Folder, _settings, _clock) = (engine, folder, settings, clock);

    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public string Engine { get; }

    /// <summary>The data folder, which survives a restart.</summary>
    public string Folder { get; }

    /// <summary>The server's address. A restart changes it, so create new clients afterwards.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The configuration it was started with.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>The running server's service provider.</summary>
    public IServiceProvider Services => (_app ?? throw new InvalidOperationException("The host is stopped.")).Services;

    /// <summary>The server's PostgreSQL connection string; null on SQLite.</summary>
    public string? ConnectionString => _settings.GetValueOrDefault("Nexus:Database:ConnectionString");

    /// <summary>Returns the shared host of an engine. Tests must not stop it.</summary>
    public static Task<NexusHost> SharedAsync(string engine) =>
        _shared.GetOrAdd(engine, name => new Lazy<Task<NexusHost>>(() => StartAsync(name))).Value;

    /// <summary>Returns a host with these settings, shared by all tests that use the same name.</summary>
    public static Task<NexusHost> SharedAsync(string engine, string name, IReadOnlyDictionary<string, string?> settings) =>
        _shared.GetOrAdd($"{engine} {name}", _ => new Lazy<Task<NexusHost>>(() => StartAsync(engine, settings))).Value;

    /// <summary>
    /// Starts a separate host. <paramref name="settings"/> are configuration keys such as <c>Nexus:RateLimits:Limit</c>;
    /// <paramref name="clock"/> defaults to the system clock.
    /// </summary>
    public static async Task<NexusHost> StartAsync(
        string engine, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        var own = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Nexus:Database:Engine"] = engine,
            ["Nexus:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Nexus:Auth:TrustedHs256Secret"] = TrustedToken.Secret,
            ["Logging:LogLevel:Default"] = "Critical",
        };
        if (engine == "postgres")
        {
            var cluster = await PostgresCluster.SharedAsync();
            own["Nexus:Database:ConnectionString"] = await cluster.CreateDatabaseAsync(CancellationToken.None);
        }

        foreach (var (key, value) in settings ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            own[key] = value;
        }

        var host = new NexusHost(engine, Directory.CreateTempSubdirectory("nexus-host-").FullName, own, clock ?? TimeProvider.System);
        await host.StartAgainAsync();
        return host;
    }

    /// <summary>Starts a second node with the same database and master key and its own data folder. PostgreSQL only.</summary>
    public async Task<NexusHost> StartSecondNodeAsync()
    {
        if (Engine != "postgres")
        {
            throw new InvalidOperationException("SQLite has one node.");
        }

        var node = new NexusHost(Engine, Directory.CreateTempSubdirectory("nexus-host-").FullName, _settings, _clock);
        await node.StartAgainAsync();
        return node;
    }

    /// <summary>Drains and stops the server and keeps its data.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Restarts the server on the same data. <paramref name="asked"/> changes its options.</summary>
    public async Task StartAgainAsync(Func<ServeOptions, ServeOptions>? asked = null)
    {
        await StopAsync();
        var options = new ServeOptions { DataFolder = Folder, Urls = "http://127.0.0.1:0", Settings = _settings, Clock = _clock };
        _app = await Server.Program.BuildAsync(asked is null ? options : asked(options));
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = new Uri(addresses!.Addresses.Single());
    }

    /// <summary>
    /// Creates a client with a trusted token for a user with a role in a tenant, and with context headers for tenant and env.
    /// </summary>
    public HttpClient Client(string tenant, string user, string role, string env = "prod")
    {
        var client = Bearer(TrustedToken.Mint(user, (tenant, role)));
        client.DefaultRequestHeaders.Add("X-Tenant-Id", tenant);
        client.DefaultRequestHeaders.Add("X-Env", env);
        return client;
    }

    /// <summary>Creates a client with a token and no context headers.</summary>
    public HttpClient Bearer(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Creates a client without credentials.</summary>
    public HttpClient Anonymous() => new(_handler, disposeHandler: false) { BaseAddress = Address };

    /// <summary>Returns a tenant id that is unique in this run.</summary>
    public static string NewTenant() => $"t_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _handler.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Stops the shared hosts.</summary>
    internal static async ValueTask StopSharedAsync()
    {
        foreach (var host in _shared.Values.Where(host => host.IsValueCreated && host.Value.IsCompletedSuccessfully))
        {
            await (await host.Value).DisposeAsync();
        }
    }
}
