using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Redaction.Context;

namespace Nexus.Redaction;

/// <summary>Reads the text of JSON values. Allocates nothing for a value that the pre-filter rules out.</summary>
internal static class JsonValueText
{
    private const int MaxStackLength = 256, MinNumberLength = 4, MinIdentifyingLength = 11;

    /// <summary>The text to scan: that of a string, or of a number that may identify somebody; null if there is nothing to scan.</summary>
    /// <param name="value">Any JSON value.</param>
    /// <param name="name">The property that holds the value. A short number is scanned only if this name gives it a context.</param>
    public static string? Read(JsonValue value, JsonPropertyName name) => value.GetValueKind() switch
    {
        JsonValueKind.String when value.TryGetValue(out JsonElement element) => ReadString(element),
        JsonValueKind.String => value.TryGetValue(out string? text) ? text : ToElement(value).GetString(),
        JsonValueKind.Number when value.TryGetValue(out int small) && small is > -1000 and < 1000 => null,
        JsonValueKind.Number => ReadNumber(value.TryGetValue(out JsonElement element) ? element : ToElement(value), name),
        _ => null,
    };

    private static string? ReadString(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        if (raw.Contains((byte)'\\') || !Ascii.IsValid(raw))
        {
            return element.GetString();
        }

        var rented = raw.Length > MaxStackLength ? ArrayPool<char>.Shared.Rent(raw.Length) : null;
        try
        {
            var text = rented ?? stackalloc char[MaxStackLength];
            Ascii.ToUtf16(raw, text, out var length);
            return PreFilter.MayMatch(text[..length]) ? element.GetString() : null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>An integer is read as its digits, whatever its notation: <c>4.111e15</c> may be a card number.</summary>
    private static string? ReadNumber(JsonElement number, JsonPropertyName name)
    {
        var raw = JsonMarshal.GetRawUtf8Value(number);
        var isIdentifying = raw.Length >= MinIdentifyingLength || raw.ContainsAny((byte)'e', (byte)'E');
        if (raw.Length < MinNumberLength || (!isIdentifying && name.Context == ContextKind.None))
        {
            return null;
        }

        var text = number.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
            : number.TryGetDouble(out var real) && Math.Abs(real) < 1e19 && real.Equals(Math.Truncate(real))
                ? real.ToString("F0", CultureInfo.InvariantCulture)
            : number.GetRawText();
        return text.Length >= MinNumberLength ? text : null;
    }

    /// <summary>Converts a value that holds another CLR type, such as a <see cref="Guid"/>, through its JSON.</summary>
    private static JsonElement ToElement(JsonValue value)
    {
        using var document = JsonDocument.Parse(value.ToJsonString());
        return document.RootElement.Clone();
    }
}
