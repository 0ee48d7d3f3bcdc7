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
        if (!RequestBody.IsJson(http.Request))
        {
            throw new ProblemException(new Problem(StatusCodes.Status415UnsupportedMediaType, "body.content_type", "Send application/json in UTF-8."));
        }

        var body = RequestBody.Get(http);
        if (body.Problem is { } problem)
        {
            throw new ProblemException(problem);
        }

        if (body.Json is not { } json)
        {
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, "json.malformed", "The body is empty."));
        }

        return new(new JsonBody<T>(Read(json.RootElement), json.RootElement));
    }

    /// <summary>Tells OpenAPI.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>Reads a record from an element, as a body or one line of NDJSON.</summary>
    /// <exception cref="ProblemException">422 with the member that is wrong.</exception>
    public static T Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ProblemException(Problem.Invalid("$", "must be a JSON object."));
        }

        try
        {
            return (HasContext(element) ? JsonSerializer.Deserialize<T>(WithoutContext(element), StrictJson.Options) : element.Deserialize<T>(StrictJson.Options))!;
        }
        catch (JsonException exception)
        {
            throw new ProblemException(Problem.Invalid(exception.Path is { Length: > 0 } path ? path : "$", DescribeError(exception)));
        }
    }

    private static readonly string[] _contextMembers = [.. new[] { "tenant_id", "env" }.Where(name => StrictJson.TypeInfo<T>().Properties.All(member => member.Name != name))];

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

    /// <summary>The serializer's messages name our types; callers get our words.</summary>
    private static string DescribeError(JsonException exception) =>
        exception.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is no member that this route knows."
        : exception.Message.Contains("missing required", StringComparison.Ordinal) ? "lacks a required member: " + string.Join(", ", ParseMissingMembers(exception.Message)) + "."
        : "has a value of the wrong kind.";

    private static IEnumerable<string> ParseMissingMembers(string message)
    {
        var list = message[(message.LastIndexOf(':') + 1)..].Split(';', 2)[0];
        return list.Split(',', StringSplitOptions.TrimEntries).Select(name => name.Trim('\'', '.', ' '));
    }
}
