using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using Microsoft.Extensions.AI;
using Nexus.Server.Platform.Http;
using OpenAI;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Turns texts into vectors by an OpenAI-compatible service.</summary>
internal sealed class Embedder : IDisposable
{
    /// <summary>How many texts one request carries at most.</summary>
    public const int MaxBatchSize = 64;

    /// <summary>How much of a text is sent: about 2,000 tokens, within what embedding models read. They cut off the rest themselves, some refuse it.</summary>
    public const int MaxCharacters = 8_000;

    // 64 vectors of 4,096 numbers written out as JSON.
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly TimeSpan _timeout;

    /// <summary>Opens no connection yet.</summary>
    public Embedder(EmbeddingOptions options)
    {
        Model = options.Model;
        Weight = options.Weight;
        _timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        _http = new HttpClient(CreateHandler(options)) { MaxResponseContentBufferSize = MaxBytes, Timeout = Timeout.InfiniteTimeSpan };
        var client = new OpenAIClient(
            new ApiKeyCredential(string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey),
            new OpenAIClientOptions { Endpoint = options.Url!, Transport = new HttpClientPipelineTransport(_http), RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = _timeout });
        _generator = client.GetEmbeddingClient(options.Model).AsIEmbeddingGenerator();
    }

    /// <summary>The model's name.</summary>
    public string Model { get; }

    /// <summary>How much its ranking counts, see <see cref="EmbeddingOptions.Weight"/>.</summary>
    public double Weight { get; }

    /// <summary>The vectors of up to <see cref="MaxBatchSize"/> texts, in their order.</summary>
    /// <exception cref="EmbeddingException">The service is unreachable, too slow, or answers what is no vector for each text.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_timeout);
        try
        {
            var answer = await _generator.GenerateAsync(texts.Select(Truncate), cancellationToken: timeout.Token);
            if (answer.Count != texts.Count || answer.Any(vector => vector.Vector.Length == 0 || vector.Vector.Length != answer[0].Vector.Length))
            {
                throw new EmbeddingException("The embedding service did not answer one vector for each text.");
            }

            return [.. answer.Select(embedding => embedding.Vector)];
        }
        catch (ClientResultException refusal) when (refusal.Status is >= 400 and < 500 and not (401 or 403 or 404 or 408 or 429))
        {
            throw new EmbeddingException($"The embedding service refused the texts with {refusal.Status}.") { IsInputRejected = true };
        }
        catch (Exception failure) when (failure is not (EmbeddingException or OutOfMemoryException) && !cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddingException($"The embedding service cannot be used: {Describe(failure)}.");
        }
    }

    /// <summary>Closes the connections.</summary>
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

    // No redirects, no proxy of the environment, and a name that resolves into the private network needs the operator's leave.
    private static SocketsHttpHandler CreateHandler(EmbeddingOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(Math.Min(5, options.TimeoutSeconds)),
        ConnectCallback = (connection, cancellationToken) =>
        {
            // Who writes an address, or localhost, means it; a name may be pointed elsewhere by others.
            var host = connection.DnsEndPoint.Host;
            var named = IPAddress.TryParse(host, out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
            return SsrfGuard.ConnectAsync(connection.DnsEndPoint, named || options.AllowPrivateNetwork, cancellationToken);
        },
    };

    // Never the service's own words, nor an exception that holds them: they may repeat the text.
    private static string Describe(Exception failure) => failure switch
    {
        OperationCanceledException => "it took too long",
        ClientResultException { Status: > 0 } refusal => string.Create(CultureInfo.InvariantCulture, $"it answered {refusal.Status}"),
        _ when FindInner<NoPublicAddressException>(failure) is not null => "its host is in the private network, which Nexus:Embeddings:AllowPrivateNetwork permits",
        _ when FindInner<HttpRequestException>(failure) is { } http => $"{http.HttpRequestError}",
        _ => failure.GetType().Name,
    };

    private static T? FindInner<T>(Exception? failure)
        where T : Exception => failure as T ?? (failure is null ? null : FindInner<T>(failure.InnerException));
}

/// <summary>No vectors could be had. The message is fit for the log, not for callers: it says what kind of failure it was and holds no text.</summary>
internal sealed class EmbeddingException(string message) : Exception(message)
{
    /// <summary>Whether the texts were refused, so that others may pass.</summary>
    public bool IsInputRejected { get; init; }
}
