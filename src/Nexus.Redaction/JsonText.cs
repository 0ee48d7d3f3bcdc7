using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Redaction;

/// <summary>The text of a JSON value that may hold personal data; nothing is allocated for one that a glance shows to hold none.</summary>
internal static class JsonText
{
    private const int OnStack = 256, ShortestNumber = 4, TellingNumber = 11;

    /// <summary>The text of a string, or of a number that may be somebody's; null where there is nothing to look at.</summary>
    /// <param name="value">Any JSON value.</param>
    /// <param name="name">The member that holds it: a short number is somebody's only where the name says so.</param>
    public static string? Of(JsonValue value, MemberName name) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.TryGetValue(out JsonElement element) ? OfString(element) : value.TryGetValue(out string? text) ? text : Element(value).GetString(),
        JsonValueKind.Number when value.TryGetValue(out int small) && small is > -1000 and < 1000 => null,
        JsonValueKind.Number => OfNumber(value.TryGetValue(out JsonElement element) ? element : Element(value), name),
        _ => null,
    };

    private static string? OfString(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        if (raw.Contains((byte)'\\') || !Ascii.IsValid(raw))
        {
            return element.GetString();
        }

        var rented = raw.Length > OnStack ? ArrayPool<char>.Shared.Rent(raw.Length) : null;
        try
        {
            var text = rented ?? stackalloc char[OnStack];
            Ascii.ToUtf16(raw, text, out var length);
            return Glance.MayHold(text[..length]) ? element.GetString() : null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }

    /// <summary>A whole number is read as its digits, however it is written: <c>4.111e15</c> is kept as a card's number is.</summary>
    private static string? OfNumber(JsonElement number, MemberName name)
    {
        var raw = JsonMarshal.GetRawUtf8Value(number);
        var isTelling = raw.Length >= TellingNumber || raw.ContainsAny((byte)'e', (byte)'E');
        if (raw.Length < ShortestNumber || (!isTelling && name.Topics == Topic.None))
        {
            return null;
        }

        var text = number.TryGetInt64(out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
            : number.TryGetDouble(out var real) && Math.Abs(real) < 1e19 && real.Equals(Math.Truncate(real)) ? real.ToString("F0", CultureInfo.InvariantCulture)
            : number.GetRawText();
        return text.Length >= ShortestNumber ? text : null;
    }

    /// <summary>A CLR value of another type is read back from its JSON, as the canonical form does.</summary>
    private static JsonElement Element(JsonValue value)
    {
        using var document = JsonDocument.Parse(value.ToJsonString());
        return document.RootElement.Clone();
    }
}
