using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Dapper;

using Nexus.Testing.Crash;

namespace Nexus.Tests.Audit.Events;

/// <summary>
/// Runs <c>nexus serve</c> as a separate process with all logging enabled and a reader of its stream, and collects everything it
/// stores, sends and prints, to be searched for planted values.
/// </summary>
internal sealed class PlantedRun : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nexus-planted-");
    private readonly SocketsHttpHandler _handler = new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    };
    private readonly Uri _address = new($"http://127.0.0.1:{ServerProcess.FreePort()}");
    private readonly (string Name, string Value)[] _context;
    private readonly string? _connectionString;
    private readonly HttpClient _http;
    private ServerProcess? _server;
    private Task<string>? _stream;

    private PlantedRun(string? connectionString)
    {
        _connectionString = connectionString;
        _http = new HttpClient(_handler, disposeHandler: false) { BaseAddress = _address };
        _context =
        [
            ("Authorization", "Bearer " + TrustedToken.Mint("u_planted", (Tenant, "owner"))), ("X-Tenant-Id", Tenant), ("X-Env", "prod"),
        ];
    }

    public string Tenant { get; } = NexusHost.NewTenant();

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Log => Path.Combine(_folder.FullName, "server.log");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Starts the server with all logging enabled, and a reader of the stream.</summary>
    public static async Task<PlantedRun> StartAsync(string engine)
    {
        var run = new PlantedRun(engine == "postgres" ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(Cancelled) : null);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Nexus:Database:Engine"] = engine,
            ["Nexus:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Nexus:Auth:TrustedHs256Secret"] = TrustedToken.Secret,
            ["Nexus:RateLimits:Limit"] = "1000000",
            ["Nexus:Log:CheckpointEvery"] = "1",
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
            ["Logging:LogLevel:System"] = "Trace",
        };
        if (run._connectionString is { } connectionString)
        {
            settings["Nexus:Database:ConnectionString"] = connectionString;
        }

        run._server = await ServerProcess.StartAsync(run.Data, run.Log, run._address, settings, run._http, Cancelled);
        var stream = await run._http.SendAsync(
            run.Request("GET", "/audit/events/stream", null, []),
            HttpCompletionOption.ResponseHeadersRead,
            Cancelled);
        ((int)stream.StatusCode).ShouldBe(200);
        run._stream = stream.Content.ReadAsStringAsync(Cancelled);
        return run;
    }

    /// <summary>Sends a request with a token and a context, unless the headers say otherwise.</summary>
    public async Task<Reply> Send(string method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body, headers);
        using var response = await _http.SendAsync(request, Cancelled);
        return await Reply.ReadAsync(response, Cancelled);
    }

    public Task<Reply> Json(string method, string path, string json, params (string Name, string Value)[] headers) =>
        Send(method, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>Sends a request that no HTTP client would send.</summary>
    public Task<Reply> Raw(string requestLine, string headers) => RawHttp.SendAsync(
        _address,
        Encoding.Latin1.GetString(
            Encoding.UTF8.GetBytes(
                $"{requestLine}\r\nHost: nexus\r\nConnection: "
                + $"close\r\n{headers}{string.Concat(_context.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n")),
        Cancelled);

    /// <summary>Reads the log in every way, stops the server, and returns everything it stored, sent and printed, by place.</summary>
    public async Task<Dictionary<string, string>> CollectOutputAsync()
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["list"] = await ListAsync(),
            ["export"] = (await Send("GET", "/audit/export?format=ndjson")).Body,
            ["csv"] = (await Send("GET", "/audit/export?format=csv")).Body,
            ["runs"] = (await Send("GET", "/nexus/runs?limit=100")).Body,
        };
        using (var kill = Process.Start("kill", ["-TERM", _server!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Cancelled);
        }

        (await _server.Exited.WaitAsync(TimeSpan.FromMinutes(1), Cancelled)).ShouldBe(0, await File.ReadAllTextAsync(Log, Cancelled));
        all["stream"] = await _stream!;
        all["printed"] = await File.ReadAllTextAsync(Log, Cancelled);
        all["tables"] = await TablesAsync();
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        if (_stream is not null)
        {
            await ((Task)_stream).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _http.Dispose();
        _handler.Dispose();
        _folder.Delete(recursive: true);
    }

    private HttpRequestMessage Request(string method, string path, HttpContent? body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = body };
        foreach (var (name, value) in headers.Concat(_context.Where(header => !headers.Any(other => other.Name == header.Name))))
        {
            (request.Headers.TryAddWithoutValidation(name, value)
                || request.Content?.Headers.TryAddWithoutValidation(name, value) == true).ShouldBeTrue(
                name);
        }

        return request;
    }

    private async Task<string> ListAsync()
    {
        var all = new StringBuilder();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await Send("GET", $"/audit/events?limit=100{cursor}")).Ok();
            all.Append(page.GetRawText());
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }

        return all.ToString();
    }

    /// <summary>Returns every column of every row of every table, except the tables that keep their authors' text.</summary>
    private async Task<string> TablesAsync()
    {
        await using var connection = _connectionString is null ? LogTree.OfFolder(Data) : LogTree.OfPostgres(_connectionString);
        await connection.OpenAsync(Cancelled);
        var tables = (await connection.QueryAsync<string>(_connectionString is null
            ? "select name from sqlite_master where type = 'table'"
            : "select relname from pg_class where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace")).ToList();
        tables.ShouldContain("events");
        tables.ShouldContain("runs");
        var all = new StringBuilder();
        foreach (var table in tables.Except(["memory_sessions", "memory_turns"]))
        {
            foreach (IDictionary<string, object?> row in await connection.QueryAsync($"select * from {table}"))
            {
                all.Append(table).Append(' ').AppendJoin(' ', row.Values.Select(Text)).Append('\n');
            }
        }

        return all.ToString();
    }

    private static string? Text(object? value) =>
        value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture);
}
