using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nexus.Testing.Crash;

/// <summary>
/// Runs <c>nexus serve</c> as a child process that can be killed without warning. A shell in between kills it when this process
/// ends for any reason, and reports its exit code.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    // If SIGXFSZ is ignored, a write beyond the file size limit fails like a write to a full disk.
    private const string KeeperScript = """
        exec 2>/dev/null
        trap '' XFSZ
        ulimit -c 0
        log=$1 pid=$2; shift 2
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        runner=$!
        tries=0
        until [ -s "$pid" ] || [ $tries -ge 3000 ]; do tries=$((tries + 1)); sleep 0.01; done
        cat "$pid"
        (cat <&3 >/dev/null; kill -KILL "$(cat "$pid")") &
        watcher=$!
        wait $runner
        echo "exit $?"
        kill $watcher
        """;

    // The server may be run by another program such as strace, so the shell prints its process id before it execs the server.
    private const string ServerScript = """
        echo $$ >"$0"
        exec "$@"
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _keeper;
    private readonly Process _server;

    private ServerProcess(Process keeper, Process server)
    {
        (_keeper, _server) = (keeper, server);
        Exited = ExitCodeAsync();
    }

    /// <summary>Completes with the server's exit code when it has ended; 128 plus the signal if it was killed.</summary>
    public Task<int> Exited { get; }

    /// <summary>The server's process id.</summary>
    public int Id => _server.Id;

    /// <summary>Returns a loopback port that is currently free.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts the server and returns once <c>/readyz</c> responds. Otherwise throws with the log in the message.</summary>
    /// <param name="log">The file that its output is appended to.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="client">The client used to poll for readiness.</param>
    /// <param name="under">A program with arguments to run the server under, such as a tracer.</param>
    public static async Task<ServerProcess> StartAsync(
        string dataFolder, string log, Uri address, IEnumerable<KeyValuePair<string, string?>> settings, HttpClient client,
        CancellationToken cancellationToken, params IEnumerable<string> under)
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        var pid = $"{log}.{Path.GetRandomFileName()}";
        foreach (var argument in (IEnumerable<string>)
        [
            "-c", KeeperScript, "nexus-keeper", log, pid, .. under, "sh", "-c", ServerScript, pid, "dotnet",
            Path.Combine(AppContext.BaseDirectory, "nexus.dll"),
            "serve", "--data", dataFolder, "--urls", address.GetLeftPart(UriPartial.Authority),
        ])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var keeper = Process.Start(start) ?? throw new InvalidOperationException("No shell to start the server with.");
        if (!int.TryParse(
            await keeper.StandardOutput.ReadLineAsync(cancellationToken),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var id))
        {
            keeper.StandardInput.Close();
            throw new InvalidOperationException($"The server did not start: {await File.ReadAllTextAsync(log, cancellationToken)}");
        }

        var server = new ServerProcess(keeper, Process.GetProcessById(id));
        if (!await server.BecomesReadyAsync(new Uri(address, "/readyz"), client, cancellationToken))
        {
            server.Dispose();
            throw new InvalidOperationException($"The server did not become ready: {await File.ReadAllTextAsync(log, cancellationToken)}");
        }

        return server;
    }

    /// <summary>Sends SIGKILL: no drain, no flush.</summary>
    public void Kill() => _server.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
        _server.Dispose();
    }

    private async Task<int> ExitCodeAsync()
    {
        var said = await _keeper.StandardOutput.ReadLineAsync();
        return int.Parse(said!["exit ".Length..], CultureInfo.InvariantCulture);
    }

    private async Task<bool> BecomesReadyAsync(Uri readiness, HttpClient client, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < _patience && !Exited.IsCompleted)
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
