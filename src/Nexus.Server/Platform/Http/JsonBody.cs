using System.Buffers;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// A handler's JSON body: the chain's document without <c>tenant_id</c> and <c>env</c> where the record has no such member, read strictly.
/// Unknown members are refused, so a caller never believes it set something it did not.
/// </summary>
/// <typeparam name="T">A wire record.</typeparam>
internal sealed class JsonBody<T>(T value, JsonElement sent) : IEndpointParameterMetadataProvider
{
    /// <summary>What was sent.</summary>
    public T Value { get; } = value;

    /// <summary>The whole document it was read from.</summary>
    public JsonElement Json { get; } = sent;

    /// <summary>Called by the framework.</summary>
    /// <exception cref="ProblemException">415, 400 or 422.</exception>
    public static ValueTask<JsonBody<T>?> BindAsync(HttpContext http, ParameterInfo parameter)
    {
        var json = RequestBody.RequireJson(http);
        return new(new JsonBody<T>(Read(json), json));
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>Reads a record from an element, as a body or one line of NDJSON.</summary>
    /// <exception cref="ProblemException">422 with the fields that are wrong.</exception>
    public static T Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ProblemException(RequestBody.NotAnObject);
        }

        try
        {
            return (HasContext(element)
                ? JsonSerializer.Deserialize(WithoutContext(element), StrictJson.TypeInfo<T>())
                : element.Deserialize(StrictJson.TypeInfo<T>()))!;
        }
        catch (JsonException exception)
        {
            var errors = JsonErrors.Find(element, StrictJson.TypeInfo<T>(), _contextMembers);
            throw new ProblemException(errors.Count > 0
                ? Problem.Invalid(ProblemCodes.BodyInvalid, errors)
                : Problem.Invalid(exception.Path is { Length: > 2 } path ? path[2..] : "$", "is invalid."));
        }
    }

    private static readonly string[] _contextMembers =
        [.. new[] { "tenant_id", "env" }.Where(name => StrictJson.TypeInfo<T>().Properties.All(member => member.Name != name))];

    private static bool HasContext(JsonElement element) => Array.Exists(_contextMembers, name => element.TryGetProperty(name, out _));

    private static ReadOnlySpan<byte> WithoutContext(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in element.EnumerateObject())
            {
                if (!_contextMembers.Contains(member.Name))
                {
                    member.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
