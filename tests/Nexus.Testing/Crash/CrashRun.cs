using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Nexus.Testing.Crash;

/// <summary>
/// Kills a server repeatedly while many clients write to it. After each restart everything acknowledged must exist with exactly
/// one event, sequences must have no gaps, the tree of each log must match its events, and every checkpoint ever seen must be an
/// earlier state of it.
/// </summary>
/// <remarks>
/// The tests run a few iterations, the soak test in <c>bench/</c> a hundred or more. So this class does not depend on a test
/// framework; problems are returned as text.
/// </remarks>
internal sealed class CrashRun : IDisposable
{
    private const int Writers = 16;
    private const int Tenants = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nexus-crash-");
    private readonly SocketsHttpHandler _handler = new() { UseProxy = false, MaxConnectionsPerServer = 64 };
    private readonly Dictionary<string, string?> _settings;
    private readonly Uri _address = new($"http://127.0.0.1:{ServerProcess.FreePort()}");
    private readonly CrashLedger[] _ledgers;
    private readonly CheckpointWatch[] _watches;
    private readonly string? _connectionString;
    private int _written;

    private CrashRun(string engine, string? connectionString)
    {
        _connectionString = connectionString;
        _settings = new(StringComparer.Ordinal)
        {
            ["Nexus:Database:Engine"] = engine,
            ["Nexus:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Nexus:Auth:TrustedHs256Secret"] = TrustedToken.Secret,
            ["Nexus:RateLimits:Limit"] = "100000000",
            // A killed node keeps its share of a window (a twentieth), and more than twenty nodes may be killed per minute.
            ["Nexus:RateLimits:WindowSeconds"] = "1",
            ["Nexus:Quotas:DailyRequests"] = "100000000",
        };
        if (connectionString is not null)
        {
            _settings["Nexus:Database:ConnectionString"] = connectionString;
        }

        _ledgers = [.. Enumerable.Range(0, Tenants).Select(number => new CrashLedger(Client($"t_crash_{number}")))];
        _watches = [.. _ledgers.Select(ledger => new CheckpointWatch(ledger.Client))];
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The number of acknowledged writes, across all iterations.</summary>
    public int Acknowledged => _ledgers.Sum(ledger => ledger.Acknowledged.Count);

    /// <summary>
    /// Kills the server <paramref name="iterations"/> times. Returns the number of acknowledged writes, the number of checkpoints
    /// seen, and the problems found.
    /// </summary>
    /// <param name="engine"><c>sqlite</c> or <c>postgres</c>.</param>
    /// <param name="connectionString">An empty database; null on SQLite.</param>
    /// <param name="iterations">The number of kills.</param>
    /// <param name="progress">Called after each check with the number of kills and acknowledged writes so far.</param>
    /// <param name="cancellationToken">Token to cancel the run.</param>
    public static async Task<(int Acknowledged, int Checkpoints, IReadOnlyList<string> Wrong)> RunAsync(
        string engine, string? connectionString, int iterations, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        using var run = new CrashRun(engine, connectionString);
        var wrong = new List<string>();
        for (var kills = 0; kills <= iterations && wrong.Count == 0; kills++)
        {
            using var server = await run.StartServerAsync(cancellationToken);
            wrong.AddRange(
                (await run.CheckAsync(everything: kills == iterations, cancellationToken)).Select(what => $"after {kills} kills: {what}"));
            progress?.Invoke(kills, run.Acknowledged);
            if (kills < iterations)
            {
                wrong.AddRange(await run.WriteUntilKilledAsync(server, cancellationToken));
            }
        }

        if (iterations > 0 && run._watches.Any(watch => watch.Seen == 0))
        {
            wrong.Add("no checkpoint of a tenant was seen");
        }

        return (run.Acknowledged, run._watches.Sum(watch => watch.Seen), wrong);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var ledger in _ledgers)
        {
            ledger.Client.Dispose();
        }

        _handler.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<ServerProcess> StartServerAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(_handler, disposeHandler: false);
        return await ServerProcess.StartAsync(
            Data,
            Path.Combine(_folder.FullName, "server.log"),
            _address,
            _settings,
            client,
            cancellationToken);
    }

    private async Task<IReadOnlyCollection<string>> WriteUntilKilledAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        var refused = new ConcurrentBag<string>();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, Writers)
            .Select(writer => WriteAsync(_ledgers[writer % Tenants], refused, first, cancellationToken))
            .ToArray();
        var watches = _watches.Select(watch => watch.WatchAsync(_address, cancellationToken)).ToArray();
        await Task.WhenAny(first.Task, Task.WhenAll(writers));
        await Task.Delay(RandomNumberGenerator.GetInt32(1_000), cancellationToken);
        server.Kill();
        await Task.WhenAll([.. writers, .. watches]);
        return refused;
    }

    /// <summary>Posts cards until the server is gone. Only writes that got a response count as acknowledged.</summary>
    private async Task WriteAsync(
        CrashLedger ledger, ConcurrentBag<string> refused, TaskCompletionSource first, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var text = $"card_type: crash\ntitle: Written before the crash\n---\nnumber {Interlocked.Increment(ref _written)}\n";
                using var body = new StringContent(text, Encoding.UTF8, "text/plain");
                using var answer = await ledger.Client.PostAsync(new Uri(_address, "/nexus/cards"), body, cancellationToken);
                var said = await answer.Content.ReadAsStringAsync(cancellationToken);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    refused.Add($"a write was answered {(int)answer.StatusCode}: {said}");
                    return;
                }

                ledger.Acknowledge(said, text);
                first.TrySetResult();
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            // Killed: this write was not acknowledged, so it may exist or not.
        }
    }

    private async Task<IReadOnlyCollection<string>> CheckAsync(bool everything, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        foreach (var ledger in _ledgers)
        {
            wrong.AddRange(await ledger.CheckAsync(_address, everything, cancellationToken));
        }

        foreach (var watch in _watches)
        {
            wrong.AddRange(await watch.CheckAsync(_address, cancellationToken));
        }

        await using var connection = _connectionString is null ? LogTree.OfFolder(Data) : LogTree.OfPostgres(_connectionString);
        await connection.OpenAsync(cancellationToken);
        wrong.AddRange(await LogTree.CheckAsync(connection, _watches.SelectMany(watch => watch.AllSeen)));
        return wrong;
    }

    private HttpClient Client(string tenant)
    {
        var client = new HttpClient(_handler, disposeHandler: false);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            TrustedToken.Mint("u_crash", (tenant, "owner")));
        client.DefaultRequestHeaders.Add("X-Tenant-Id", tenant);
        client.DefaultRequestHeaders.Add("X-Env", "prod");
        return client;
    }
}
