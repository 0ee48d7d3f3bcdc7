using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Nexus.Server.Platform.Hosting.OpenApi;

/// <summary>Schemas as the wire has them, where the framework cannot tell: behind converters of our own, and in free JSON.</summary>
internal static class SchemaTransformer
{
    /// <summary>Free JSON stands where it is used; everything else is a component of its type's name.</summary>
    public static string? CreateReferenceId(JsonTypeInfo type) =>
        (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary>Describes one schema.</summary>
    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var mayBeNull = type != context.JsonTypeInfo.Type || context.JsonPropertyInfo?.IsGetNullable == true ? JsonSchemaType.Null : default(JsonSchemaType);
        if (type == typeof(DateTimeOffset))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String | mayBeNull, "date-time");
        }
        else if (type == typeof(JsonElement) && context.JsonPropertyInfo is not null)
        {
            // Where a record holds free JSON it is an object; values of filters and items of lists are anything.
            schema.Type = JsonSchemaType.Object | mayBeNull;
        }

        return Task.CompletedTask;
    }

    /// <summary>Comments come escaped as XML has them.</summary>
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
