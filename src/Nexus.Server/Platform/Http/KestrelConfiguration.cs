using Microsoft.AspNetCore.Hosting;

namespace Nexus.Server.Platform.Http;

/// <summary>The limits of the protocol (docs/security.md).</summary>
internal static class KestrelConfiguration
{
    /// <summary>The largest body, in bytes, of a route that says nothing else.</summary>
    public const long MaxRequestBodySize = 1 << 20;

    /// <summary>Where the service listens when nobody says where.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5400";

    /// <summary>Sets the limits and the addresses.</summary>
    public static void ConfigureNexusKestrel(this WebApplicationBuilder builder, string? urls)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = name => name == "Content-Length" ? StrictContentLength.Instance : null;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Limits.MaxRequestBodySize = MaxRequestBodySize;
            kestrel.Limits.MaxConcurrentConnections = 10_000;
        });
        builder.WebHost.UseUrls(urls ?? builder.Configuration["Urls"] ?? DefaultUrl);
    }
}
