using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Nexus.Server.Platform.Hosting.OpenApi;

/// <summary>Corrects schemas that the framework cannot infer, because of custom converters or free-form JSON.</summary>
internal static class SchemaTransformer
{
    /// <summary>Free-form JSON is inlined. Every other type is a component with the type's name.</summary>
    public static string? CreateReferenceId(JsonTypeInfo type) =>
        (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement)
            ? null
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>Corrects one schema.</summary>
    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var mayBeNull = type != context.JsonTypeInfo.Type || context.JsonPropertyInfo?.IsGetNullable == true
            ? JsonSchemaType.Null
            : default(JsonSchemaType);
        if (type == typeof(DateTimeOffset))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String | mayBeNull, "date-time");
        }
        else if (type == typeof(JsonElement) && context.JsonPropertyInfo is not null)
        {
            // Free-form JSON in a record is an object. In filter values and lists it may be any JSON value.
            schema.Type = JsonSchemaType.Object | mayBeNull;
        }

        return Task.CompletedTask;
    }

    /// <summary>Unescapes XML entities in descriptions taken from XML comments.</summary>
    public static void UnescapeDescriptions(OpenApiDocument document)
    {
        foreach (var schema in document.Components!.Schemas?.Values ?? [])
        {
            Unescape(schema);
            foreach (var member in schema.Properties?.Values ?? [])
            {
                Unescape(member);
                foreach (var choice in member.OneOf ?? [])
                {
                    Unescape(choice);
                }
            }
        }
    }

    private static void Unescape(IOpenApiSchema schema)
    {
        if (schema.Description is { } text && text.Contains('&', StringComparison.Ordinal))
        {
            schema.Description = WebUtility.HtmlDecode(text);
        }
    }
}
