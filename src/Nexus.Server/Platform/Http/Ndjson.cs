using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Nexus.Server.Platform.Http;

/// <summary>A handler's body of <c>application/x-ndjson</c>, cut into lines; empty lines do not count.</summary>
internal sealed class NdjsonBody(IReadOnlyList<ReadOnlyMemory<byte>> lines) : IEndpointParameterMetadataProvider
{
    /// <summary>The lines, unread.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Lines { get; } = lines;

    /// <summary>Called by the framework.</summary>
    /// <exception cref="ProblemException">415.</exception>
    public static ValueTask<NdjsonBody?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        if (!Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
            || !(type.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
            || type.MediaType.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase))
            || !RequestBody.IsUtf8(type))
        {
            throw new ProblemException(RequestBody.UnsupportedContentType(http.Request, ["application/x-ndjson"]));
        }

        var lines = new List<ReadOnlyMemory<byte>>();
        for (var rest = RequestBody.Get(http).Bytes; !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                lines.Add(line);
            }
        }

        return new(new NdjsonBody(lines));
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/x-ndjson"], typeof(string)));
}

/// <summary>An answer of one JSON document a line.</summary>
/// <typeparam name="T">The record of a line.</typeparam>
internal sealed class NdjsonResult<T>(IReadOnlyList<T> lines) : IResult, IEndpointMetadataProvider
{
    private static readonly byte[] _newLine = "\n"u8.ToArray();

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/x-ndjson";
        foreach (var line in lines)
        {
            await JsonSerializer.SerializeAsync(
                httpContext.Response.BodyWriter,
                line,
                StrictJson.TypeInfo<T>(),
                httpContext.RequestAborted);
            await httpContext.Response.BodyWriter.WriteAsync(_newLine, httpContext.RequestAborted);
        }
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/x-ndjson"]));
}
