using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.Identity;

/// <summary>A JSON client for the identity routes.</summary>
internal sealed class Api(HttpClient http)
{
    public const string Password = "correct horse battery staple";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public HttpClient Http => http;

    public string UserId { get; private set; } = "";

    public string Email { get; private set; } = "";

    public string RefreshToken { get; private set; } = "";

    public string? TenantId { get; private set; }

    /// <summary>Returns a host with sign-up enabled that accepts only its own tokens.</summary>
    public static Task<NexusHost> HostAsync(string engine) => NexusHost.SharedAsync(engine, "identity", Open);

    public static IReadOnlyDictionary<string, string?> Open { get; } = new Dictionary<string, string?>
    {
        ["Nexus:Auth:AllowSignup"] = "true",
        ["Nexus:Auth:TrustedHs256Secret"] = null,
        ["Nexus:Auth:SignIn:PerAddress"] = "100000",
    };

    public static string NewEmail() => NexusHost.NewTenant() + "@example.com";

    /// <summary>Signs up a new user who owns a new tenant.</summary>
    public static async Task<Api> SignUpAsync(NexusHost host, string? email = null)
    {
        var body = new JsonObject
        {
            ["email"] = email ?? NewEmail(),
            ["password"] = Password,
            ["tenant_name"] = "Acme " + NexusHost.NewTenant(),
        };
        return As(host, await new Api(host.Anonymous()).Post("/auth/signup", body));
    }

    public static async Task<Api> LogInAsync(NexusHost host, string email, string password = Password) =>
        As(host, await new Api(host.Anonymous()).Post("/auth/login", new JsonObject { ["email"] = email, ["password"] = password }));

    /// <summary>Creates a client for a session.</summary>
    public static Api As(NexusHost host, JsonElement session)
    {
        var api = new Api(host.Bearer(session.GetProperty("access_token").GetString()!))
        {
            UserId = session.GetProperty("user").GetProperty("user_id").GetString()!,
            Email = session.GetProperty("user").GetProperty("email").GetString()!,
            RefreshToken = session.GetProperty("refresh_token").GetString()!,
            TenantId = session.GetProperty("tenant") is { ValueKind: JsonValueKind.Object } tenant
                ? tenant.GetProperty("tenant_id").GetString()
                : null,
        };
        api.Http.DefaultRequestHeaders.Add("X-Env", "prod");
        return api;
    }

    /// <summary>Returns a client for the same user in another tenant.</summary>
    public Api In(string tenantId, string env = "prod")
    {
        http.DefaultRequestHeaders.Remove("X-Tenant-Id");
        http.DefaultRequestHeaders.Remove("X-Env");
        http.DefaultRequestHeaders.Add("X-Tenant-Id", tenantId);
        http.DefaultRequestHeaders.Add("X-Env", env);
        return this;
    }

    public Task<JsonElement> Get(string path) => Call(HttpMethod.Get, path, null);

    public Task<JsonElement> Post(string path, JsonObject? body = null) => Call(HttpMethod.Post, path, body);

    public Task<JsonElement> Patch(string path, JsonObject body) => Call(HttpMethod.Patch, path, body);

    public async Task Delete(string path) => await Call(HttpMethod.Delete, path, null);

    /// <summary>Expects a refusal with this status and code.</summary>
    public async Task<JsonElement> Refused(HttpMethod method, string path, HttpStatusCode status, string code, JsonObject? body = null)
    {
        using var answer = await Send(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        answer.StatusCode.ShouldBe(status, text);
        var problem = JsonElement.Parse(text);
        problem.GetProperty("code").GetString().ShouldBe(code);
        if ((int)status is 429 or 503)
        {
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        return problem;
    }

    /// <summary>Returns the types of the newest events of a log, newest first.</summary>
    public async Task<List<string>> Events(int count)
    {
        var page = await Get($"/audit/events?limit={count + 1}");
        return [.. page.GetProperty("items").EnumerateArray()
            .Select(e => e.GetProperty("metadata").GetProperty("event_type").GetString()!)
            .Where(type => type != "audit_read")
            .Take(count)];
    }

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, MediaTypeHeaderValue.Parse("application/json"));
        }

        return await http.SendAsync(request, Cancellation);
    }

    private async Task<JsonElement> Call(HttpMethod method, string path, JsonObject? body)
    {
        using var answer = await Send(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.NoContent], $"{method} {path}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }
}
