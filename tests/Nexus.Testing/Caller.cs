using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Testing;

/// <summary>A client with a role in a tenant, which also reads directly from the store what its calls left there.</summary>
internal sealed class Caller : IDisposable
{
    /// <summary>A valid card.</summary>
    public const string Note = "card_type: note\ntitle: One\n---\nThe body.\n";

    private static readonly string[] _counted =
    [
        "atoms",
        "card_revisions",
        "cards",
        "cards where deleted",
        "events",
        "flags",
        "kept_answers",
        "kill_switches",
        "lineage_links",
        "maybes",
        "memory_sessions",
        "memory_turns",
        "packs",
        "raw_assets",
        "raw_uploads",
        "runs",
    ];

    private readonly NexusHost _host;
    private readonly HttpClient _http;
    private readonly (string Name, string? Value)[] _context;

    private Caller(NexusHost host, string tenant, string env, string user, string token)
    {
        (_host, Tenant, Env, User, Token) = (host, tenant, env, user, token);
        _http = host.Anonymous();
        _context = [("Authorization", "Bearer " + token), ("X-Tenant-Id", tenant), ("X-Env", env)];
    }

    public string Tenant { get; }

    public string Env { get; }

    public string User { get; }

    public string Token { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Database Database => _host.Services.GetRequiredService<Database>();

    /// <summary>Creates a new caller; without <paramref name="tenant"/>, in a new tenant.</summary>
    public static Caller Create(NexusHost host, string role = "member", string? tenant = null, string env = "prod", string? user = null)
    {
        tenant ??= NexusHost.NewTenant();
        user ??= $"u_{role}_{tenant}";
        return new Caller(host, tenant, env, user, TrustedToken.Mint(user, (tenant, role)));
    }

    /// <summary>Creates a caller with a given token, such as an API key.</summary>
    public static Caller WithToken(NexusHost host, string token, string tenant, string env = "prod") => new(host, tenant, env, "", token);

    /// <summary>Creates a new caller with this role in the same tenant.</summary>
    public Caller Colleague(string role, string env = "prod") => Create(_host, role, Tenant, env);

    /// <summary>Returns the same caller on another node.</summary>
    public Caller On(NexusHost node) => new(node, Tenant, Env, User, Token);

    /// <summary>
    /// Sends a request with the caller's token, tenant and env, unless the headers say otherwise. A null value omits a header.
    /// </summary>
    public async Task<Reply> Send(string method, string path, HttpContent? body = null, params (string Name, string? Value)[] headers)
    {
        using var request = Request(method, path, body, headers);
        using var response = await _http.SendAsync(request, Cancelled);
        return await Reply.ReadAsync(response, Cancelled);
    }

    /// <summary>Sends a request whose response is read as a stream.</summary>
    public async Task<HttpResponseMessage> Open(string path, params (string Name, string? Value)[] headers)
    {
        using var request = Request("GET", path, null, headers);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    public Task<Reply> Get(string path, params (string Name, string? Value)[] headers) => Send("GET", path, null, headers);

    public Task<Reply> Delete(string path, params (string Name, string? Value)[] headers) => Send("DELETE", path, null, headers);

    public Task<Reply> Json(string method, string path, string json, params (string Name, string? Value)[] headers) =>
        Send(method, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public Task<Reply> Text(string method, string path, string text, params (string Name, string? Value)[] headers) =>
        Send(method, path, new StringContent(text, Encoding.UTF8, "text/plain"), headers);

    /// <summary>Posts a card.</summary>
    public Task<Reply> Post(string text = Note, params (string Name, string? Value)[] headers) =>
        Text("POST", "/nexus/cards", text, headers);

    /// <summary>Posts a card, expects success, and returns its id.</summary>
    public async Task<string> Card(string text = Note) => (await Post(text)).Ok().GetProperty("card_id").GetString()!;

    /// <summary>Returns the card ids found by a search, best first.</summary>
    public async Task<string[]> Find(string text, string more = "")
    {
        var found = (await Json("POST", "/nexus/search", $$"""{"query_text":{{JsonSerializer.Serialize(text)}}{{more}}}""")).Ok();
        return [.. found.EnumerateArray().Select(result => result.GetProperty("id").GetString()!)];
    }

    /// <summary>Sends a request with the first line and additional headers as given, byte for byte, and reads the response.</summary>
    public Task<Reply> Raw(string requestLine, string headers = "", string body = "") =>
        RawHttp.SendAsync(
            _host.Address,
            $"{requestLine}\r\nHost: nexus\r\nConnection: close\r\nAuthorization: Bearer {Token}\r\n{headers}\r\n{body}",
            Cancelled);

    /// <summary>Like <see cref="Raw"/>, with the caller's tenant and env as headers.</summary>
    public Task<Reply> RawInContext(string requestLine, string headers = "", string body = "") =>
        Raw(requestLine, $"X-Tenant-Id: {Tenant}\r\nX-Env: {Env}\r\n{headers}", body);

    /// <summary>Returns the events of the tenant and env in order, read directly from the store so that the read is not recorded.</summary>
    public async Task<IReadOnlyList<DatasetEvent>> Events()
    {
        var events = await Database.ReadAsync(
            new Scope(Tenant, Env),
            session => StoredEventReader.ListAsync(session, new EventQuery(), long.MaxValue, 100_000),
            Cancelled);
        events.Reverse();
        return events;
    }

    public async Task<string[]> EventTypes() => [.. (await Events()).Select(TypeOf)];

    /// <summary>Returns the event's type from its metadata.</summary>
    public static string TypeOf(DatasetEvent recorded) => recorded.Metadata.GetProperty("event_type").GetString()!;

    /// <summary>Returns a string that changes whenever anything in the tenant and env changes.</summary>
    public async Task<string> State() => await Database.ReadAsync(
        new Scope(Tenant, Env),
        async session =>
        {
            var counts = new List<string>();
            foreach (var counted in _counted)
            {
                var condition = counted.Contains("where", StringComparison.Ordinal) ? " and " : " where ";
                var sql = $"select count(*) from {counted}{condition}tenant_id = @Tenant and env = @Env";
                counts.Add($"{await session.FirstOrDefaultAsync<long>(sql, new { Tenant, Env })} {counted}");
            }

            return string.Join(", ", counts);
        },
        Cancelled);

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string method, string path, HttpContent? body, (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = body };
        foreach (var (name, value) in ((string, string?)[])[.. headers, .. Context(headers)])
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
            }
        }

        return request;
    }

    private IEnumerable<(string Name, string? Value)> Context((string Name, string? Value)[] said) =>
        _context.Where(header => !Array.Exists(said, other => other.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase)));
}
