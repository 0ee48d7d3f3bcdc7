using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using Microsoft.Extensions.AI;
using Nexus.Server.Platform.Http;
using OpenAI;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Computes embedding vectors through an OpenAI-compatible service.</summary>
internal sealed class Embedder : IDisposable
{
    /// <summary>The maximum number of texts in one request.</summary>
    public const int MaxBatchSize = 64;

    /// <summary>
    /// How many characters of a text are sent: about 2,000 tokens, which embedding models accept. For longer input some models
    /// truncate, others fail.
    /// </summary>
    public const int MaxCharacters = 8_000;

    // Room for 64 vectors of 4,096 numbers in JSON.
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly TimeSpan _timeout;

    /// <summary>Creates the client without connecting.</summary>
    public Embedder(EmbeddingOptions options)
    {
        Model = options.Model;
        Weight = options.Weight;
        _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        _http = new HttpClient(CreateHandler(options)) { MaxResponseContentBufferSize = MaxBytes, Timeout = Timeout.InfiniteTimeSpan };
        var client = new OpenAIClient(
            new ApiKeyCredential(string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey),
            new OpenAIClientOptions
            {
                Endpoint = options.Url!,
                Transport = new HttpClientPipelineTransport(_http),
                RetryPolicy = new ClientRetryPolicy(0),
                NetworkTimeout = _timeout,
            });
        _generator = client.GetEmbeddingClient(options.Model).AsIEmbeddingGenerator();
    }

    public string Model { get; }

    /// <summary>The weight of the semantic ranking; see <see cref="EmbeddingOptions.Weight"/>.</summary>
    public double Weight { get; }

    /// <summary>Computes the vectors of up to <see cref="MaxBatchSize"/> texts, in the same order.</summary>
    /// <exception cref="EmbeddingException">The service is unreachable, too slow, or does not return one vector per text.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_timeout);
        try
        {
            var answer = await _generator.GenerateAsync(texts.Select(Truncate), cancellationToken: timeout.Token);
            if (answer.Count != texts.Count
                || answer.Any(vector => vector.Vector.Length == 0 || vector.Vector.Length != answer[0].Vector.Length))
            {
                throw new EmbeddingException("The embedding service did not answer one vector for each text.");
            }

            return [.. answer.Select(embedding => embedding.Vector)];
        }
        catch (ClientResultException refusal) when (refusal.Status is >= 400 and < 500 and not (401 or 403 or 404 or 408 or 429))
        {
            throw new EmbeddingException($"The embedding service refused the texts with {refusal.Status}.") { IsInputRejected = true };
        }
        catch (Exception failure)
            when (failure is not (EmbeddingException or OutOfMemoryException) && !cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddingException($"The embedding service cannot be used: {Describe(failure)}.");
        }
    }

    public void Dispose()
    {
        _generator.Dispose();
        _http.Dispose();
    }

    private static string Truncate(string text)
    {
        if (text.Length <= MaxCharacters)
        {
            return text.Length == 0 ? " " : text;
        }

        return text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
    }

    // No redirects and no system proxy. A host name that resolves to a private address needs AllowPrivateNetwork.
    private static SocketsHttpHandler CreateHandler(EmbeddingOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(Math.Min(5, options.TimeoutSeconds)),
        ConnectCallback = (connection, cancellationToken) =>
        {
            // An explicit address or localhost is the operator's intent; DNS for a name may be changed by others.
            var host = connection.DnsEndPoint.Host;
            var named = IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            return SsrfGuard.ConnectAsync(connection.DnsEndPoint, named || options.AllowPrivateNetwork, cancellationToken);
        },
    };

    // Never includes the service's response or an exception that contains it, because it may repeat the text.
    private static string Describe(Exception failure) => failure switch
    {
        OperationCanceledException => "it took too long",
        ClientResultException { Status: > 0 } refusal => string.Create(CultureInfo.InvariantCulture, $"it answered {refusal.Status}"),
        _ when FindInner<NoPublicAddressException>(failure) is not null =>
            "its host is in the private network, which Nexus:Embeddings:AllowPrivateNetwork permits",
        _ when FindInner<HttpRequestException>(failure) is { } http => $"{http.HttpRequestError}",
        _ => failure.GetType().Name,
    };

    private static T? FindInner<T>(Exception? failure)
        where T : Exception => failure as T ?? (failure is null ? null : FindInner<T>(failure.InnerException));
}

/// <summary>
/// The texts could not be embedded. The message is for the log, not for callers. It names the kind of failure and contains no
/// text.
/// </summary>
internal sealed class EmbeddingException(string message) : Exception(message)
{
    /// <summary>Whether the service rejected the texts, so that other texts may succeed.</summary>
    public bool IsInputRejected { get; init; }
}
