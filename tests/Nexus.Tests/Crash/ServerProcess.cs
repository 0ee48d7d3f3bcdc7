using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nexus.Tests.Crash;

/// <summary>
/// <c>nexus serve</c> as a child process that can be killed without warning. A shell between the two kills it when
/// this process ends, however it ends.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private const string KeeperScript = """
        log=$1; shift
        "$@" </dev/null >>"$log" 2>&1 &
        echo $!
        cat >/dev/null
        kill -KILL $! 2>/dev/null
        wait
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _keeper;
    private readonly Process _server;

    private ServerProcess(Process keeper, Process server) => (_keeper, _server) = (keeper, server);

    /// <summary>A loopback port that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the server and returns once <c>/readyz</c> says so; the log in its message where it does not.</summary>
    public static async Task<ServerProcess> StartAsync(
        string dataFolder, string log, Uri address, IEnumerable<KeyValuePair<string, string?>> settings, HttpClient client, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[]
        {
            "-c", KeeperScript, "nexus-keeper", log, "dotnet", Path.Combine(AppContext.BaseDirectory, "nexus.dll"),
            "serve", "--data", dataFolder, "--urls", address.GetLeftPart(UriPartial.Authority),
        })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var keeper = Process.Start(start) ?? throw new InvalidOperationException("No shell to start the server with.");
        var id = await keeper.StandardOutput.ReadLineAsync(cancellationToken);
        var server = new ServerProcess(keeper, Process.GetProcessById(int.Parse(id!, CultureInfo.InvariantCulture)));
        if (!await server.BecomesReadyAsync(new Uri(address, "/readyz"), client, cancellationToken))
        {
            server.Dispose();
            throw new InvalidOperationException($"The server did not become ready: {await File.ReadAllTextAsync(log, cancellationToken)}");
        }

        return server;
    }

    /// <summary>SIGKILL: no drain, no flush, no goodbye.</summary>
    public void Kill() => _server.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
        _server.Dispose();
    }

    private async Task<bool> BecomesReadyAsync(Uri readiness, HttpClient client, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Patience && !_server.HasExited)
        {
            try
            {
                using var answer = await client.GetAsync(readiness, cancellationToken);
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }

        return false;
    }
}
