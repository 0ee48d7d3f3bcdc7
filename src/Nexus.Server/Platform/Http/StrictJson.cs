using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Nexus.Client;
using Nexus.Merkle;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// The door for JSON bodies. What passes has one meaning for every reader and canonical text (RFC 8785): no duplicate
/// names, U+0000, ill-formed Unicode, comments, trailing commas, byte order mark, or numbers a double would change.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep a body may nest.</summary>
    public const int MaxDepth = 32;
    private const int MaxNumberLength = 64;

    /// <summary>
    /// Reads bodies into records: unknown and duplicate members and missing required ones are refused, names are snake_case.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>
    /// The document, or null and a safe reason; input never makes it throw. The document reads from the given memory, which
    /// stays unchanged until it is disposed.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="reason">Why it is refused.</param>
    /// <param name="onlyExactNumbers">Whether numbers that a double would change are refused: what is not stored may have them.</param>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> utf8, out string? reason, bool onlyExactNumbers = true)
    {
        reason = FindError(utf8.Span, onlyExactNumbers);
        if (reason is not null)
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException) // the pass above found it well-formed
        {
            reason = "A name appears twice in one object.";
            return null;
        }
    }

    private static string? FindError(ReadOnlySpan<byte> utf8, bool onlyExactNumbers)
    {
        if (!Utf8.IsValid(utf8))
        {
            return "The body is not valid UTF-8.";
        }

        if (utf8.StartsWith("\ufeff"u8))
        {
            return "The body starts with a byte order mark. Send UTF-8 without one.";
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                var refusal = reader.TokenType switch
                {
                    JsonTokenType.Number when onlyExactNumbers => FindNumberError(reader.ValueSpan),
                    JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped => FindEscapeError(reader.ValueSpan),
                    JsonTokenType.StartArray or JsonTokenType.StartObject when reader.CurrentDepth == MaxDepth =>
                        "The body is nested deeper than 32 levels.",
                    _ => null,
                };
                if (refusal is not null)
                {
                    return refusal;
                }
            }

            return null;
        }
        catch (JsonException failure)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The body is not valid JSON: line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}.");
        }
    }

    private static string? FindNumberError(ReadOnlySpan<byte> literal)
    {
        if (literal.Length > MaxNumberLength)
        {
            return "A number has more than 64 characters.";
        }

        return CanonicalNumber.TryParse(literal, out _)
            ? null
            : "A number is too large to be stored exactly (beyond ±2^53). Send it as a string.";
    }

    // The reader has checked that each \u has four hexadecimal digits, and refuses raw control characters itself.
    private static string? FindEscapeError(ReadOnlySpan<byte> text)
    {
        for (int at; (at = text.IndexOf((byte)'\\')) >= 0;)
        {
            text = text[at..];
            if (text[1] != 'u')
            {
                text = text[2..];
                continue;
            }

            var unit = ReadCodeUnit(text);
            text = text[6..];
            if (unit == 0)
            {
                return "A string contains a null character (U+0000).";
            }

            if (char.IsHighSurrogate(unit) && text.StartsWith("\\u"u8) && char.IsLowSurrogate(ReadCodeUnit(text)))
            {
                text = text[6..];
            }
            else if (char.IsSurrogate(unit))
            {
                return "A string contains an unpaired surrogate.";
            }
        }

        return null;
    }

    private static char ReadCodeUnit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>How a record is written and read.</summary>
    public static JsonTypeInfo<T> TypeInfo<T>() => TypeInfoCache<T>.Info;

    /// <summary>Makes options read and write as the contract says.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        // Names and converters are those of the client's records, so that the two cannot disagree.
        var wire = WireJson.Default.Options;
        options.PropertyNamingPolicy = wire.PropertyNamingPolicy;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        // The door holds what comes in to MaxDepth; what goes out stands deeper, in a page of records that hold it.
        options.MaxDepth = 2 * MaxDepth;
        options.AllowDuplicateProperties = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolver = JsonTypeInfoResolver.Combine(WireJson.Default, new DefaultJsonTypeInfoResolver());
        foreach (var converter in wire.Converters)
        {
            options.Converters.Add(converter);
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly();
        return options;
    }

    private static class TypeInfoCache<T>
    {
        public static readonly JsonTypeInfo<T> Info = (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
    }
}
