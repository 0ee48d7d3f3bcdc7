using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// A request's body, read once by the chain: the context may stand in it, and a repeated idempotency key must find it unchanged.
/// What is wrong with it is said only after the caller has passed everything else.
/// </summary>
internal sealed class RequestBody
{
    private RequestBody(ReadOnlyMemory<byte> bytes, JsonDocument? json, Problem? problem) =>
        (Bytes, Json, Problem) = (bytes, json, problem);

    /// <summary>The bytes as sent.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The document, where the content type says JSON and it is well formed.</summary>
    public JsonDocument? Json { get; }

    /// <summary>Why it cannot be read.</summary>
    public Problem? Problem { get; }

    /// <summary>No body.</summary>
    public static RequestBody Empty { get; } = new(ReadOnlyMemory<byte>.Empty, null, null);

    /// <summary>The body of this request.</summary>
    public static RequestBody Get(HttpContext http) => http.Features.Get<RequestBody>() ?? Empty;

    /// <summary>
    /// How far a body over its limit is read on and thrown away, in bytes. A client that is cut off while it sends never sees its 413.
    /// </summary>
    public const long MaxDrainBytes = 16 << 20;

    /// <summary>Reads the body and keeps it for <see cref="Get"/>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="most">The largest body of the route, in bytes.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    /// <exception cref="ProblemException">413: it is larger.</exception>
    /// <exception cref="BadHttpRequestException">It is much larger, or breaks off.</exception>
    public static async ValueTask<RequestBody> ReadAsync(HttpContext http, long most, CancellationToken cancellationToken)
    {
        var request = http.Request;
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return Empty;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = most + MaxDrainBytes;
        }

        var reader = request.BodyReader;
        ReadOnlyMemory<byte> bytes;
        var isTooLarge = request.ContentLength > most;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            isTooLarge |= read.Buffer.Length > most;
            if (read.IsCompleted)
            {
                bytes = isTooLarge ? default : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                break;
            }

            reader.AdvanceTo(isTooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        }

        if (isTooLarge)
        {
            throw new ProblemException(ExceptionHandlingMiddleware.BodyTooLarge);
        }

        var body = IsJson(request) ? Parse(bytes) : new RequestBody(bytes, null, null);
        http.Features.Set(body);
        return body;
    }

    /// <summary>Whether the content type says JSON in UTF-8.</summary>
    public static bool IsJson(HttpRequest request) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && IsUtf8(type);

    /// <summary>The JSON document of a body that must be one.</summary>
    /// <exception cref="ProblemException">415 for another content type, 400 for a body that is empty or malformed.</exception>
    public static JsonElement RequireJson(HttpContext http)
    {
        if (!IsJson(http.Request))
        {
            throw new ProblemException(UnsupportedContentType(http.Request, ["application/json"]));
        }

        var body = Get(http);
        return body.Problem is { } problem ? throw new ProblemException(problem)
            : body.Json is { } json ? json.RootElement
            : throw new ProblemException(new Problem(ProblemCodes.JsonMalformed, "The body is empty. Send a JSON object."));
    }

    /// <summary>The refusal of a body that is JSON, but no object.</summary>
    public static Problem NotAnObject { get; } = Problem.Invalid("$", "must be a JSON object.");

    /// <summary>The refusal of a content type or charset that a route does not accept.</summary>
    public static Problem UnsupportedContentType(HttpRequest request, IReadOnlyCollection<string> accepted)
    {
        var sent = request.ContentType is { Length: > 0 } type
            ? $"Unsupported content type {Suggestions.Quote(type)[1..^1]}."
            : "Missing content type.";
        var isCharset = Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) && !IsUtf8(parsed);
        return new Problem(
            ProblemCodes.BodyContentType, $"{sent} This route accepts {string.Join(" or ", accepted)}{(isCharset ? " in UTF-8" : "")}.");
    }

    /// <summary>Whether a content type's charset is absent or UTF-8.</summary>
    public static bool IsUtf8(Microsoft.Net.Http.Headers.MediaTypeHeaderValue type) =>
        type.Charset.Length == 0
            || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a repeat must equal.</summary>
    public byte[] ComputeFingerprint(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(
            System.Text.Encoding.UTF8.GetBytes(
                request.QueryString.Value + "\n" + request.ContentType + "\n" + request.Headers.IfMatch + "\n"));
        hash.AppendData(Bytes.Span);
        return hash.GetHashAndReset();
    }

    private static RequestBody Parse(ReadOnlyMemory<byte> bytes)
    {
        var json = StrictJson.Parse(bytes, out var reason);
        return new RequestBody(
            bytes, json, json is null ? new Problem(ProblemCodes.JsonMalformed, reason ?? "The body is not JSON.") : null);
    }
}
