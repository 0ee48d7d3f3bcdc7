using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Nexus.Flags;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.FeatureFlags.Ofrep;

/// <summary>
/// The OpenFeature Remote Evaluation Protocol: <c>/ofrep/v1</c>. Tenant and env come from the token and headers, never from the evaluation
/// context. Refusals of the chain are problem details; what is wrong with an evaluation is said as the protocol says it.
/// </summary>
internal static class OfrepEndpoints
{
    private static readonly JsonWriterOptions _writerOptions = new() { Encoder = StrictJson.Options.Encoder, MaxDepth = 1024 };

    /// <summary>Maps the routes.</summary>
    public static void MapOfrep(this IEndpointRouteBuilder app)
    {
        var ofrep = app.MapGroup("/ofrep/v1").WithTags("OFREP");
        ofrep.MapPost("evaluate/flags/{key}", EvaluateAsync)
            .RequireAction("flags_evaluate", Role.Viewer, mutates: false)
            .WithMetadata(new RequestBodyMetadata(typeof(JsonElement), IsRequired: false))
            .Produces<JsonElement>().WithSummary("Evaluate a flag");
        ofrep.MapPost("evaluate/flags", EvaluateAllAsync)
            .RequireAction("flags_evaluate", Role.Viewer, mutates: false)
            .WithMetadata(new RequestBodyMetadata(typeof(JsonElement), IsRequired: false))
            .Produces<JsonElement>().WithSummary("Evaluate all flags; 304 where nothing changed");
        ofrep.MapGet("stream", OfrepStream.RunAsync).AllowAnonymous().Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .WithSummary("Stream flag change notifications; the ticket in the URL is the credential");
    }

    private static async Task EvaluateAsync(HttpContext http, RequestContext context, string key, FlagCache flags, TimeProvider time)
    {
        key = FlagKey.FromPath(key);
        var (asked, code, details) = ReadContext(http, time);
        if (asked is null)
        {
            await WriteAsync(http, StatusCodes.Status400BadRequest, json => WriteError(json, key, code, details));
            return;
        }

        var result = (await flags.GetAsync(context.Scope, http.RequestAborted)).Set.Evaluate(key, asked);
        var status = result.ErrorCode switch
        {
            null => StatusCodes.Status200OK,
            EvaluationErrors.FlagNotFound => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status400BadRequest,
        };
        await WriteAsync(http, status, json => WriteResult(json, result));
    }

    private static async Task EvaluateAllAsync(
        HttpContext http, RequestContext context, FlagCache flags, OfrepTicketIssuer tickets, TimeProvider time,
        string? flagConfigEtag = null)
    {
        var (asked, code, details) = ReadContext(http, time);
        if (asked is null)
        {
            await WriteAsync(http, StatusCodes.Status400BadRequest, json => WriteError(json, null, code, details));
            return;
        }

        var configuration = await flags.GetAsync(context.Scope, flagConfigEtag, http.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(4 << 10);
        using (var json = new Utf8JsonWriter(buffer, _writerOptions))
        {
            json.WriteStartArray();
            var steps = FlagLimits.MaxRequestSteps;
            foreach (var entry in configuration.Set.Entries)
            {
                WriteResult(json, FlagSet.Evaluate(entry, asked, ref steps));
            }

            json.WriteEndArray();
        }

        var isStreamed = BuiltInFlagEndpoints.IsSseEnabled(configuration);
        var etag = ComputeETag(context, configuration, http, buffer.WrittenSpan, isStreamed ? tickets.RotationWindow : 0);
        http.Response.Headers.ETag = etag;
        if (http.Request.Headers.IfNoneMatch is { Count: > 0 } known
            && EntityTagHeaderValue.TryParseStrictList(known, out var tags)
            && tags.Any(tag => tag.Tag == "*" || tag.Tag == etag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("flags"u8);
            json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
            if (isStreamed)
            {
                json.WriteStartArray("eventStreams"u8);
                json.WriteStartObject();
                json.WriteString("type"u8, "sse"u8);
                json.WriteString("url"u8, tickets.CreateStreamUrl(http.Request, context, configuration.Version));
                json.WriteNumber("inactivityDelaySec"u8, 120);
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
    }

    /// <summary>What the flags are evaluated for; null with the reason why it cannot be read.</summary>
    private static (EvaluationContext? Context, string Code, string Details) ReadContext(HttpContext http, TimeProvider time)
    {
        var body = RequestBody.Get(http);
        if (body.Bytes.IsEmpty)
        {
            return (EvaluationContext.CreateEmpty(time.GetUtcNow()), "", "");
        }

        if (body.Json?.RootElement is not { ValueKind: JsonValueKind.Object } sent)
        {
            return (null, EvaluationErrors.ParseError, body.Problem?.Detail ?? "Send a JSON object as application/json.");
        }

        if (!sent.TryGetProperty("context", out var given))
        {
            return (EvaluationContext.CreateEmpty(time.GetUtcNow()), "", "");
        }

        return (EvaluationContext.FromJson(given, time.GetUtcNow()), EvaluationErrors.InvalidContext, "context must be a JSON object.");
    }

    /// <summary>
    /// Tenant, env, the versions of both layers and the context decide what is answered; so does the time, where a flag asks for it or
    /// a ticket is given.
    /// </summary>
    private static string ComputeETag(
        RequestContext context, FlagConfiguration configuration, HttpContext http, ReadOnlySpan<byte> flags, long window)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.TenantId}\n{context.Env}\n{configuration.Version}\n{window}\n"));
        hash.AppendData(RequestBody.Get(http).Bytes.Span);
        hash.AppendData(flags);
        return $"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}\"";
    }

    private static void WriteResult(Utf8JsonWriter json, in EvaluationResult result)
    {
        if (result.ErrorCode is { } code)
        {
            WriteError(json, result.Key, code, result.ErrorDetails);
            return;
        }

        json.WriteStartObject();
        json.WriteString("key"u8, result.Key);
        json.WriteString("reason"u8, result.Reason);
        if (result.Value is { } value)
        {
            json.WritePropertyName("value"u8);
            value.WriteTo(json);
        }

        if (result.Variant is { } variant)
        {
            json.WriteString("variant"u8, variant);
        }

        if (result.Origin is { } origin)
        {
            json.WriteStartObject("metadata"u8);
            if (result.Metadata is { } metadata)
            {
                foreach (var member in metadata.EnumerateObject().Where(member => member.Name is not ("layer" or "version" or "logSize")))
                {
                    member.WriteTo(json);
                }
            }

            json.WriteString("layer"u8, FlagEndpoints.GetLayerName(origin.Layer));
            json.WriteNumber("version"u8, origin.Version);
            if (origin.LogSize is { } size)
            {
                json.WriteNumber("logSize"u8, size);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, string? key, string code, string? details)
    {
        json.WriteStartObject();
        if (key is not null)
        {
            json.WriteString("key"u8, key);
        }

        json.WriteString("errorCode"u8, code);
        if (details is not null)
        {
            json.WriteString("errorDetails"u8, details);
        }

        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        using (var json = new Utf8JsonWriter(http.Response.BodyWriter, _writerOptions))
        {
            write(json);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
