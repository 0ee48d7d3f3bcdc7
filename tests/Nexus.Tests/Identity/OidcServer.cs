using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Nexus.Tests.Identity;

/// <summary>An OIDC issuer on a free loopback port, which serves what the test configures.</summary>
internal sealed class OidcServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _fetches;

    private OidcServer(WebApplication app) => _app = app;

    public string Issuer { get; private set; } = "";

    public RSA Key { get; set; } = RSA.Create(2048);

    public string KeyId { get; set; } = "r1";

    public string? KeySet { get; set; }

    public string? Discovery { get; set; }

    public bool IsDown { get; set; }

    /// <summary>Called while the key set is being fetched.</summary>
    public Action WhileFetching { get; set; } = () => { };

    public int Fetches => _fetches;

    public static async Task<OidcServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new OidcServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Issuer = app.Urls.Single();
        return server;
    }

    /// <summary>Creates a token as the issuer's library would.</summary>
    public string Token(string payload, string? kid = null) =>
        Jwt.Rs256($$"""{"alg":"RS256","typ":"at+jwt","kid":"{{kid ?? KeyId}}"}""", payload, Key);

    public string Jwk() => JwkOf(Key, KeyId);

    public static string JwkOf(RSA key, string id)
    {
        var p = key.ExportParameters(false);
        return $$"""{"kty":"RSA","use":"sig","kid":"{{id}}","n":"{{Base64Url.EncodeToString(p.Modulus)}}","e":"{{Base64Url.EncodeToString(p.Exponent)}}"}""";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (IsDown)
        {
            http.Response.StatusCode = 500;
        }
        else if (http.Request.Path == "/.well-known/openid-configuration")
        {
            await http.Response.WriteAsync(Discovery ?? $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}/keys"}""");
        }
        else if (http.Request.Path == "/keys")
        {
            Interlocked.Increment(ref _fetches);
            WhileFetching();
            await http.Response.WriteAsync(KeySet ?? $$"""{"keys":[{{Jwk()}}]}""");
        }
        else if (http.Request.Path == "/redirect")
        {
            http.Response.Redirect("/keys");
        }
        else
        {
            await http.Response.WriteAsync(new string(' ', 100_000));
        }
    }
}
