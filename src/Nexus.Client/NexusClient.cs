using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nexus.Client;

/// <summary>
/// A typed client for the Nexus HTTP API. Every method throws <see cref="NexusApiException"/> if the server refuses the request and
/// <see cref="HttpRequestException"/> if it cannot be reached. Requests are not retried. Each request has its own
/// <c>X-Request-Id</c>, and each mutation of tenant data an <c>Idempotency-Key</c>. Thread-safe.
/// </summary>
/// <remarks>
/// The doc comment of a method names the role that it requires. The calls of a resource are in the resource's folder; all types share
/// the namespace <c>Nexus.Client</c>, so callers need a single <c>using</c>.
/// </remarks>
public sealed partial class NexusClient
{
    private readonly HttpClient _http;
    private readonly NexusClientOptions _options;
    private readonly Uri _server;

    /// <summary>Creates a client that uses <paramref name="http"/> but does not dispose it.</summary>
    /// <exception cref="ArgumentException">Neither the options nor the <see cref="HttpClient"/> have a server address.</exception>
    public NexusClient(HttpClient http, NexusClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(options);
        var server = options.Server ?? http.BaseAddress
            ?? throw new ArgumentException("Neither the options nor the HttpClient have a server address.", nameof(options));
        _http = http;
        _options = options;
        _server = server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
    }

    [Flags]
    private enum RequestHeaders
    {
        None = 0,
        Credential = 1,
        Context = 2,
        IdempotencyKey = 4,
        Read = Credential | Context,
        Mutation = Credential | Context | IdempotencyKey,
    }

    private static string NewId() => Guid.CreateVersion7().ToString("D");

    private static string Escape(string id) => Uri.EscapeDataString(id);

    private static JsonContent CreateContent<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, RequestHeaders sends, HttpContent? content, CancellationToken cancellationToken,
        string? ifMatch = null, string? idempotencyKey = null, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_server, path)) { Content = content };
        var requestId = NewId();
        request.Headers.Add("X-Request-Id", requestId);
        if (sends.HasFlag(RequestHeaders.Credential) && _options.Credential is { } credential
            && await credential(cancellationToken) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (sends.HasFlag(RequestHeaders.Context))
        {
            AddHeader(request, "X-Tenant-Id", _options.Tenant);
            AddHeader(request, "X-Env", _options.Env);
        }

        if (sends.HasFlag(RequestHeaders.IdempotencyKey))
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey ?? NewId());
        }

        AddHeader(request, "If-Match", ifMatch);
        AddHeader(request, "Last-Event-ID", lastEventId);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await CreateExceptionAsync(response, requestId, cancellationToken);
        }
    }

    private static void AddHeader(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.Add(header, value);
        }
    }

    private async Task<T> CallAsync<T>(
        HttpMethod method, string path, RequestHeaders sends, HttpContent? content, JsonTypeInfo<T> answer,
        CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, sends, content, cancellationToken);
        return await ReadAsync(response, answer, cancellationToken);
    }

    private async Task<WithETag<T>> CallWithETagAsync<T>(
        HttpMethod method, string path, RequestHeaders sends, HttpContent? content, JsonTypeInfo<T> answer, string? ifMatch,
        CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, sends, content, cancellationToken, ifMatch);
        return new WithETag<T>(await ReadAsync(response, answer, cancellationToken), response.Headers.ETag?.ToString());
    }

    private async Task CallAsync(
        HttpMethod method, string path, RequestHeaders sends, HttpContent? content, CancellationToken cancellationToken,
        string? ifMatch = null)
    {
        using var response = await SendAsync(method, path, sends, content, cancellationToken, ifMatch);
    }

    private async IAsyncEnumerable<T> EnumeratePagesAsync<T>(
        string path, RequestHeaders sends, QueryStringBuilder query, JsonTypeInfo<Page<T>> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var page = await CallAsync(HttpMethod.Get, path + query.With("cursor", cursor), sends, null, type, cancellationToken);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, type, cancellationToken)
                ?? throw new JsonException("The response is null.");
        }
        catch (JsonException e)
        {
            throw CreateUnreadableException(response, e);
        }
    }

    private static NexusApiException CreateUnreadableException(HttpResponseMessage response, Exception? cause) => new(
        new ProblemDetails
        {
            Status = (int)response.StatusCode,
            Code = "client.answer_unreadable",
            Detail = "The response is not what this version of the client expects. Is this the URL of a Nexus server?",
            RequestId = GetHeader(response, "X-Request-Id"),
        },
        innerException: cause);

    private static async Task<NexusApiException> CreateExceptionAsync(
        HttpResponseMessage response, string requestId, CancellationToken cancellationToken)
    {
        ProblemDetails? problem = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                problem = await response.Content.ReadFromJsonAsync(WireJson.Default.ProblemDetails, cancellationToken);
            }
            catch (JsonException)
            {
                // The response is from a proxy in between: only its status is known.
            }
        }

        var status = (int)response.StatusCode;
        problem = (problem ?? new ProblemDetails()) with
        {
            Status = status,
            Code = problem?.Code ?? $"client.http_{status}",
            Detail = problem?.Detail ?? problem?.Title ?? $"The server answered {status} {GetReasonPhrase(response.StatusCode)}.",
            RequestId = problem?.RequestId ?? GetHeader(response, "X-Request-Id") ?? requestId,
        };
        return new NexusApiException(problem, response.Headers.RetryAfter?.Delta);
    }

    private static string GetReasonPhrase(HttpStatusCode status) => status.ToString();

    private static string? GetHeader(HttpResponseMessage response, string header)
        => response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
}
