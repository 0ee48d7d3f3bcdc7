using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

using Nexus.Testing.Crash;

namespace Nexus.Tests.Faults;

/// <summary>
/// Runs a server process whose disk or system calls are made to fail, and records what it acknowledged. Restarted on a working
/// disk, it must have all of that; of everything else it must have both the mutation and its event or neither.
/// </summary>
internal sealed class FaultRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nexus-fault-");
    private readonly SocketsHttpHandler _handler = new() { UseProxy = false };
    private readonly Dictionary<string, string?> _settings = new(StringComparer.Ordinal)
    {
        ["Nexus:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        ["Nexus:Auth:TrustedHs256Secret"] = TrustedToken.Secret,
        ["Nexus:RateLimits:Limit"] = "100000000",
    };

    private readonly CrashLedger _ledger;
    private readonly string? _connectionString;
    private ServerProcess? _server;
    private int _written;

    /// <summary>Creates a run on SQLite, or on the given PostgreSQL database.</summary>
    public FaultRun(string? connectionString = null)
    {
        _ledger = new CrashLedger(Client());
        _connectionString = connectionString;
        if (connectionString is not null)
        {
            _settings["Nexus:Database:Engine"] = "postgres";
            _settings["Nexus:Database:ConnectionString"] = connectionString;
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public string Folder => _folder.FullName;

    public string Data => Path.Combine(Folder, "data");

    /// <summary>The SQLite database file.</summary>
    public string Database => Path.Combine(Data, "nexus.db");

    public string WriteAheadLog => Database + "-wal";

    /// <summary>The server's address, which stays the same across restarts.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{ServerProcess.FreePort()}");

    /// <summary>The running server.</summary>
    public ServerProcess Server => _server ?? throw new InvalidOperationException("The server is not started.");

    /// <summary>The number of acknowledged writes.</summary>
    public int Acknowledged => _ledger.Acknowledged.Count;

    /// <summary>The server's output.</summary>
    public string Log => File.ReadAllText(LogFile);

    private string LogFile => Path.Combine(Folder, "server.log");

    /// <summary>Starts the server after killing the previous one.</summary>
    /// <param name="under">A program with arguments to run the server under.</param>
    public async Task StartAsync(params IEnumerable<string> under)
    {
        _server?.Dispose();
        using var client = new HttpClient(_handler, disposeHandler: false);
        _server = await ServerProcess.StartAsync(Data, LogFile, Address, _settings, client, Cancelled, under);
    }

    /// <summary>Writes a card. Only a response counts as acknowledgement; null if the connection broke.</summary>
    /// <param name="requestId">The request id, if the test searches for it.</param>
    public async Task<Reply?> WriteAsync(string? requestId = null)
    {
        var text = $"card_type: fault\n---\nnumber {Interlocked.Increment(ref _written)}\n";
        using var body = new StringContent(text, Encoding.UTF8, "text/plain");
        var reply = await SendAsync(HttpMethod.Post, "/nexus/cards", body, requestId);
        if (reply is { Status: 200 })
        {
            _ledger.Acknowledge(reply.Body, text);
        }

        return reply;
    }

    /// <summary>Writes cards until one is not acknowledged, and returns its response.</summary>
    public async Task<Reply?> WriteUntilRefusedAsync(int most = 2_000)
    {
        for (var i = 0; i < most; i++)
        {
            if (await WriteAsync() is not { Status: 200 } and var refused)
            {
                return refused;
            }
        }

        throw new InvalidOperationException($"{most} writes were acknowledged.");
    }

    /// <summary>Reads the newest acknowledged cards.</summary>
    public async Task<Reply?> ReadAsync() => await SendAsync(HttpMethod.Get, "/nexus/cards?limit=1", null);

    /// <summary>Returns what is wrong with the data, read through the routes and directly.</summary>
    /// <param name="seen">
    /// The path at which this process sees the data folder, if it differs from the server's. The server is restarted then.
    /// </param>
    /// <param name="under">A program with arguments to run the server under.</param>
    public async Task<IReadOnlyList<string>> CheckAsync(string? seen = null, params IEnumerable<string> under)
    {
        List<string> wrong = [.. await _ledger.CheckAsync(Address, everything: true, Cancelled)];
        if (seen is not null)
        {
            // SQLite cannot open files through /proc, so a copy of the killed server's files is checked.
            Server.Kill();
            await Server.Exited;
            var copy = Directory.CreateDirectory(Path.Combine(Folder, "copy")).FullName;
            File.Copy(Path.Combine(seen, "nexus.db"), Path.Combine(copy, "nexus.db"));
            File.Copy(Path.Combine(seen, "nexus.db-wal"), Path.Combine(copy, "nexus.db-wal"));
            wrong.AddRange(await CheckLogTreeAsync(copy));
            await StartAsync(under);
            return wrong;
        }

        wrong.AddRange(await CheckLogTreeAsync(Data));
        return wrong;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server?.Dispose();
        _ledger.Client.Dispose();
        _handler.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<IReadOnlyList<string>> CheckLogTreeAsync(string data)
    {
        await using var connection = _connectionString is null ? LogTree.OfFolder(data) : LogTree.OfPostgres(_connectionString);
        await connection.OpenAsync(Cancelled);
        return await LogTree.CheckAsync(connection);
    }

    private async Task<Reply?> SendAsync(HttpMethod method, string path, HttpContent? body, string? requestId = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(Address, path)) { Content = body };
            if (requestId is not null)
            {
                request.Headers.Add("X-Request-Id", requestId);
            }

            using var answer = await _ledger.Client.SendAsync(request, Cancelled);
            return await Reply.ReadAsync(answer, Cancelled);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return null;
        }
    }

    private HttpClient Client()
    {
        var client = new HttpClient(_handler, disposeHandler: false);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            TrustedToken.Mint("u_fault", ("t_fault", "owner")));
        client.DefaultRequestHeaders.Add("X-Tenant-Id", "t_fault");
        client.DefaultRequestHeaders.Add("X-Env", "prod");
        return client;
    }
}
