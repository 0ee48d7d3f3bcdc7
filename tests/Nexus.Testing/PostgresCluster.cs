using System.Diagnostics;
using System.Globalization;

using Npgsql;

namespace Nexus.Testing;

/// <summary>
/// A private PostgreSQL cluster, started on first use and stopped at the end of the run. It listens only on a socket in its
/// temporary folder, and runs as an unprivileged user if the tests run as root.
/// </summary>
/// <remarks>
/// Nothing outlives the run, even if it is killed: a shell holds the other end of a pipe to this process, and stops and removes
/// the cluster when the pipe closes.
/// </remarks>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresCluster>> _started = new(() => StartAsync());
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _keeper;
    private readonly string _folder;
    private int _databases;

    private PostgresCluster(Process keeper, string folder) => (_keeper, _folder) = (keeper, folder);

    /// <summary>Returns the cluster of this run. Fails, and does not skip, if PostgreSQL is not installed.</summary>
    public static Task<PostgresCluster> SharedAsync() => _started.Value;

    /// <summary>Creates a database for a host and returns the connection string of its owner, who is not a superuser.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture);
        var (database, owner) = ($"nexus_{number}", $"nexus_owner_{number}");
        await using var connection = new NpgsqlConnection(Connect("postgres", "postgres"));
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"CREATE ROLE {owner} LOGIN CREATEROLE", cancellationToken);
        await ExecuteAsync(connection, $"CREATE DATABASE {database} OWNER {owner} TEMPLATE template0", cancellationToken);
        return Connect(database, owner);
    }

    /// <summary>Returns the superuser's connection string, for direct access to the store.</summary>
    public static string Superuser(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = "postgres" }.ConnectionString;

    /// <summary>Stops the cluster of this run if it was started.</summary>
    public static async ValueTask StopSharedAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
        {
            await (await _started.Value).DisposeAsync();
        }
    }

    /// <summary>Ends all server processes immediately, as in a crash (immediate shutdown).</summary>
    public Task CrashAsync() => OrderAsync("crash", "crashed");

    /// <summary>Restarts a crashed cluster, which recovers first.</summary>
    public Task StartAgainAsync() => OrderAsync("start", "ready");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        using var patience = new CancellationTokenSource(_patience);
        await _keeper.WaitForExitAsync(patience.Token);
        _keeper.Dispose();
    }

    private async Task OrderAsync(string order, string done)
    {
        using var patience = new CancellationTokenSource(_patience);
        await _keeper.StandardInput.WriteLineAsync(order);
        await _keeper.StandardInput.FlushAsync(patience.Token);
        if (await _keeper.StandardOutput.ReadLineAsync(patience.Token) != done)
        {
            throw new InvalidOperationException($"PostgreSQL did not {order}.");
        }
    }

    private string Connect(string database, string user) =>
        new NpgsqlConnectionStringBuilder { Host = _folder, Database = database, Username = user }.ConnectionString;

    /// <summary>Starts a separate cluster, for tests that change its configuration or crash it.</summary>
    /// <param name="fsync">The value of its <c>fsync</c> setting.</param>
    /// <param name="under">A program with arguments to run it under, such as a tracer.</param>
    public static async Task<PostgresCluster> StartAsync(bool fsync = true, params IEnumerable<string> under)
    {
        var programs = FindPrograms();
        var folder = Path.Combine(Path.GetTempPath(), $"nexus-postgres-{Environment.ProcessId}-{Path.GetRandomFileName()[..8]}");
        var keeper = Process.Start(Keeper(programs, folder, fsync, under))
            ?? throw new InvalidOperationException("No shell to start PostgreSQL with.");
        using var patience = new CancellationTokenSource(_patience);
        var log = keeper.StandardError.ReadToEndAsync(CancellationToken.None);
        var said = await keeper.StandardOutput.ReadLineAsync(patience.Token);
        return said == "ready"
            ? new PostgresCluster(keeper, folder)
            : throw new InvalidOperationException($"PostgreSQL did not start from {programs}: {await log}");
    }

    private static ProcessStartInfo Keeper(string programs, string folder, bool fsync, IEnumerable<string> under)
    {
        var start = new ProcessStartInfo
        {
            FileName = "setsid",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (Environment.UserName == "root")
        {
            var user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
                ? "postgres"
                : "nobody";
            foreach (var argument in new[]
            {
                "setpriv",
                $"--reuid={user}",
                "--regid=" + (user == "postgres" ? user : "65534"),
                "--clear-groups",
            })
            {
                start.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in (IEnumerable<string>)
        [
            "sh", "-c", KeeperScript, "nexus-postgres", programs, folder, fsync ? "on" : "off", .. under,
        ])
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    // The service refuses to start on a cluster without fsync or synchronous_commit.
    private const string KeeperScript = """
        set -u
        programs=$1 folder=$2 fsync=$3
        shift 3
        # What a run whose machine was switched off left behind.
        for stale in "${folder%/*}"/nexus-postgres-*; do
          owner=${stale##*/nexus-postgres-}
          [ -O "$stale" ] && ! [ -e "/proc/${owner%%-*}" ] && ! kill -0 "$(head -n 1 "$stale/data/postmaster.pid" 2>/dev/null)" 2>/dev/null && rm -rf "$stale"
        done
        umask 077
        ulimit -c 0
        mkdir "$folder" || exit 1
        "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync --no-instructions >"$folder/log" 2>&1 \
          || { cat "$folder/log" >&2; rm -rf "$folder"; exit 1; }
        serve() {
          "$@" "$programs/postgres" -D "$folder/data" -c listen_addresses= -c unix_socket_directories="$folder" -c max_connections=400 \
            -c shared_buffers=32MB -c fsync=$fsync -c synchronous_commit=on -c autovacuum_naptime=60s </dev/null >>"$folder/log" 2>&1 &
          server=$!
          until "$programs/pg_isready" -q -h "$folder"; do
            kill -0 $server 2>/dev/null || { cat "$folder/log" >&2; rm -rf "$folder"; exit 1; }
            sleep 0.05
          done
          echo ready
        }
        # What runs the server may keep signals to itself.
        stop() {
          kill "$1" "$(head -n 1 "$folder/data/postmaster.pid")"
          wait $server
        }
        serve "$@"
        while read -r order; do
          case $order in
            crash) stop -QUIT; echo crashed ;;
            start) serve "$@" ;;
          esac
        done
        # Nothing of it is kept: a checkpoint at the end would only wait for a disk that a test made fail.
        [ -e "$folder/data/postmaster.pid" ] && stop -QUIT
        rm -rf "$folder"
        """;

    private static string FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        var folders = versions
            .OrderByDescending(
                folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(
                $"PostgreSQL's server programs (initdb, postgres) are neither in {Debian}/*/bin nor in PATH. On Debian or Ubuntu: apt-get "
                + $"install postgresql, or run ./test, which does.");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
