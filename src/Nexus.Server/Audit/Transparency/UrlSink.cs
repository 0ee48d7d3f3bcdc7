using System.Net.Http.Headers;
using System.Text;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Posts notes to a URL as <c>text/plain</c>. Any 2xx response counts as delivered. Follows no redirects, uses no proxy or
/// cookies, times out after 5 s, ignores the response body, and connects only to public addresses unless private ones are
/// allowed.
/// </summary>
internal sealed class UrlSink : ICheckpointSink, IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly Uri _url;
    private readonly HttpClient _http;

    /// <summary>Creates the client without connecting.</summary>
    public UrlSink(Uri url, bool allowPrivate)
    {
        _url = url;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = _timeout,
            MaxConnectionsPerServer = 1,
            MaxResponseHeadersLength = 64,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = (connection, cancellationToken) =>
                SsrfGuard.ConnectAsync(connection.DnsEndPoint, allowPrivate, cancellationToken),
        })
        { Timeout = _timeout };
    }

    /// <inheritdoc />
    public async Task SendAsync(string note, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(note))
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("text/plain", "utf-8") },
                },
            };
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw new SinkException(string.Create(CultureInfo.InvariantCulture, $"it answered {(int)answer.StatusCode}"));
            }
        }
        catch (NoPublicAddressException)
        {
            throw new SinkException("its host has no public address, and Nexus:Log:AllowPrivateSinks is off");
        }
        catch (Exception failure)
            when (failure is HttpRequestException or IOException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SinkException(failure is HttpRequestException { InnerException: NoPublicAddressException }
                ? "its host has no public address, and Nexus:Log:AllowPrivateSinks is off"
                : failure is OperationCanceledException ? "it took too long" : "it cannot be reached");
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();
}
