using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Nexus.Server.Platform.Http;

/// <summary>Believes forwarded headers of the proxies that are listed, and of nobody else.</summary>
internal static class TrustedProxies
{
    /// <summary>Adds the middleware where proxies are listed.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, IList<string> proxies)
    {
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = proxies.Count,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }

        app.UseForwardedHeaders(options);
    }
}
