using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// What a mutation or read made: a record, with its version where it has one. A repeat of a mutation answers the kept bytes.
/// </summary>
/// <typeparam name="T">The wire record.</typeparam>
internal sealed class EntityResult<T> : IResult, IEndpointMetadataProvider
{
    private readonly T? _value;
    private readonly string? _storedJson;
    private readonly string? _etag;

    private EntityResult(T? value, string? kept, string? etag) => (_value, _storedJson, _etag) = (value, kept, etag);

    /// <summary>What is answered; a kept answer is read back.</summary>
    public T Value => _storedJson is null ? _value! : JsonSerializer.Deserialize(_storedJson, StrictJson.TypeInfo<T>())!;

    /// <summary>An answer made now.</summary>
    public static EntityResult<T> Create(T value, string? etag = null) => new(value, null, etag);

    /// <summary>An answer made before.</summary>
    public static EntityResult<T> Replay(string json, string? etag) => new(default, json, etag);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (_etag is not null)
        {
            httpContext.Response.Headers.ETag = _etag;
            if (ETags.IsNotModified(httpContext.Request, _etag))
            {
                httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }
        }

        httpContext.Response.ContentType = "application/json; charset=utf-8";
        return _storedJson is not null
            ? httpContext.Response.WriteAsync(_storedJson, httpContext.RequestAborted)
            : JsonSerializer.SerializeAsync(httpContext.Response.BodyWriter, _value!, StrictJson.TypeInfo<T>(), httpContext.RequestAborted);
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}
