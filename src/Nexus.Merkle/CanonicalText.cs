using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>Parses JSON that must be in canonical form, so that it has exactly one hash.</summary>
internal static class CanonicalText
{
    /// <summary>Rejects duplicate property names, comments, and nesting deeper than canonical JSON allows.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = CanonicalJson.MaxDepth };

    /// <summary>Parses a canonical JSON object.</summary>
    /// <exception cref="FormatException">The text is not a canonical JSON object.</exception>
    public static JsonDocument Parse(byte[] text, string what)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(text, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && CanonicalJson.Write(document.RootElement).AsSpan().SequenceEqual(text))
            {
                return document;
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            document?.Dispose();
            throw new FormatException($"The {what} is no canonical JSON.", e);
        }

        document.Dispose();
        throw new FormatException($"The {what} is not written as canonical JSON.");
    }

    /// <summary>Returns a string property, or null if it is missing or of another type.</summary>
    public static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Returns a property of the event content's <c>input</c> object, or null if it is missing.</summary>
    public static JsonElement? Input(JsonDocument content, string name) =>
        content.RootElement.TryGetProperty("input", out var input)
            && input.ValueKind == JsonValueKind.Object
            && input.TryGetProperty(name, out var value)
            ? value
            : null;

    /// <summary>Returns a non-negative integer property, or null if it is missing or of another type.</summary>
    public static long? Number(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Number(value) : null;

    /// <summary>Returns the value as a non-negative integer, or null if it is anything else.</summary>
    public static long? Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;
}
