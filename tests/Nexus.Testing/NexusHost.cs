using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Hosting;

namespace Nexus.Testing;

/// <summary>
/// The real server on a loopback port of its own, on either engine, in a temporary data folder or a database of its own.
/// </summary>
/// <remarks>
/// <see cref="SharedAsync(string)"/> gives one host per engine for the whole run and is what a test takes by default, with
/// tenants nobody else has (<see cref="NewTenant"/>). A test that changes settings, restarts, or touches
/// <c>t_system</c> starts its own with <see cref="StartAsync"/>.
/// </remarks>
public sealed class NexusHost : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<NexusHost>>> _shared = new(StringComparer.Ordinal);

    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
    private readonly TimeProvider _clock;
    private WebApplication? _app;

    private NexusHost(string engine, string folder, IReadOnlyDictionary<string, string?> settings, TimeProvider clock) =>
        (Engine, Folder, _settings, _clock) = (engine, folder, settings, clock);

    /// <summary><c>sqlite</c> or <c>postgres</c>.</summary>
    public string Engine { get; }

    /// <summary>The data folder, which a restart finds again.</summary>
    public string Folder { get; }

    /// <summary>Where the server listens. A restart changes it, so clients are made anew after one.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The configuration it was started with.</summary>
    public IReadOnlyDictionary<string, string?> Settings => _settings;

    /// <summary>The running server's own services, for tests that look at its routes or behind them.</summary>
    public IServiceProvider Services => (_app ?? throw new InvalidOperationException("The host is stopped.")).Services;

    /// <summary>How the server connects to PostgreSQL; null on SQLite.</summary>
    public string? ConnectionString => _settings.GetValueOrDefault("Nexus:Database:ConnectionString");

    /// <summary>The host of this engine that the whole run shares. Not to be stopped by a test.</summary>
    public static Task<NexusHost> SharedAsync(string engine) =>
        _shared.GetOrAdd(engine, name => new Lazy<Task<NexusHost>>(() => StartAsync(name))).Value;

    /// <summary>A host of this engine with these settings, which the tests that give it the same name share.</summary>
    public static Task<NexusHost> SharedAsync(string engine, string name, IReadOnlyDictionary<string, string?> settings) =>
        _shared.GetOrAdd($"{engine} {name}", _ => new Lazy<Task<NexusHost>>(() => StartAsync(engine, settings))).Value;

    /// <summary>
    /// Starts a host of its own. <paramref name="settings"/> are configuration keys such as <c>Nexus:RateLimits:Limit</c>;
    /// <paramref name="clock"/> is what it goes by, the machine's where absent.
    /// </summary>
    public static async Task<NexusHost> StartAsync(string engine, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? clock = null)
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

    /// <summary>A second node on this one's database and master key, with a data folder of its own. PostgreSQL only.</summary>
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

    /// <summary>Drains and stops the server; its data stays.</summary>
    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>Starts the server again on the same data; <paramref name="asked"/> is what the operator says besides.</summary>
    public async Task StartAgainAsync(Func<ServeOptions, ServeOptions>? asked = null)
    {
        await StopAsync();
        var options = new ServeOptions { DataFolder = Folder, Urls = "http://127.0.0.1:0", Settings = _settings, Clock = _clock };
        _app = await Server.Program.BuildAsync(asked is null ? options : asked(options));
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Address = new Uri(addresses!.Addresses.Single());
    }

    /// <summary>A client with a trusted token whose user has that role in that tenant, speaking for that tenant and env.</summary>
    public HttpClient Client(string tenant, string user, string role, string env = "prod")
    {
        var client = Bearer(TrustedToken.Mint(user, (tenant, role)));
        client.DefaultRequestHeaders.Add("X-Tenant-Id", tenant);
        client.DefaultRequestHeaders.Add("X-Env", env);
        return client;
    }

    /// <summary>A client with this token and no context headers.</summary>
    public HttpClient Bearer(string token)
    {
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A client without any credential.</summary>
    public HttpClient Anonymous() => new(_handler, disposeHandler: false) { BaseAddress = Address };

    /// <summary>A tenant id that nobody else in this run has.</summary>
    public static string NewTenant() => $"t_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _handler.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Stops the hosts the run shared.</summary>
    internal static async ValueTask StopSharedAsync()
    {
        foreach (var host in _shared.Values.Where(host => host.IsValueCreated && host.Value.IsCompletedSuccessfully))
        {
            await (await host.Value).DisposeAsync();
        }
    }
}
