using System.Net;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Fetches small documents from URLs that an operator or a caller can set. It follows no redirects, uses no proxy and no cookies,
/// reads at most 64 KB in at most 5 s, and connects only to public addresses.
/// </summary>
internal sealed class SsrfSafeHttpClient : IDisposable
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    /// <summary>Creates a client that refuses private addresses and plain HTTP unless they are allowed.</summary>
    public SsrfSafeHttpClient(bool allowPrivate)
    {
        AllowPrivate = allowPrivate;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = _timeout,
            MaxConnectionsPerServer = 4,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (connection, cancellationToken) =>
                SsrfGuard.ConnectAsync(connection.DnsEndPoint, allowPrivate, cancellationToken),
        };
        _http = new HttpClient(handler) { Timeout = _timeout, MaxResponseContentBufferSize = MaxBytes };
    }

    /// <summary>Whether private addresses and plain HTTP are allowed.</summary>
    public bool AllowPrivate { get; }

    /// <summary>Whether the URL may be fetched, as far as can be decided before its host name is resolved.</summary>
    public bool IsAllowed(Uri url) =>
        url.IsAbsoluteUri && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (AllowPrivate && url.Scheme == Uri.UriSchemeHttp));

    /// <summary>The document; null if the URL is refused, unreachable, too slow, too large or does not return 200.</summary>
    public async Task<byte[]?> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        if (!IsAllowed(url))
        {
            return null;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await _http.SendAsync(request, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK
                ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
