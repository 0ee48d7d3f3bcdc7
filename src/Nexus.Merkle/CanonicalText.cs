using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>Reads JSON that must stand in its canonical form, so that its hash is the only one it has.</summary>
internal static class CanonicalText
{
    /// <summary>No name twice, no comment, no depth that the canonical form does not have.</summary>
    public static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = CanonicalJson.MaxDepth };

    /// <summary>The document, which is an object.</summary>
    /// <exception cref="FormatException">The text is not the canonical one of an object.</exception>
    public static JsonDocument Parse(byte[] text, string what)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(text, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object && CanonicalJson.Write(document.RootElement).AsSpan().SequenceEqual(text))
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

    /// <summary>A member that is a string; null for any other.</summary>
    public static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member of an event content's <c>input</c>; null where there is none.</summary>
    public static JsonElement? Input(JsonDocument content, string name) =>
        content.RootElement.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Object && input.TryGetProperty(name, out var value) ? value : null;

    /// <summary>A member that is a whole number from 0; null for any other.</summary>
    public static long? Number(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? Number(value) : null;

    /// <summary>A whole number from 0; null for anything else.</summary>
    public static long? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 0 ? number : null;
}
