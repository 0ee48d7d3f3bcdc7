using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nexus.Tests.Audit.Events;

/// <summary>Personal data to plant, and every encoding in which it may occur.</summary>
internal static class PlantedValues
{
    private static readonly string[] _forms =
    [
        "jane.doe{0}@example.com", "o'brien+{0}@mail.example.co.uk", "+49 30 9018{0}", "415-555-2{0}", "(415) 555-2{0}", "192.168.{1}.20",
        "2001:db8::8a2e:370:{0}", "00:1B:44:11:3A:{2}", "123-45-6{0}", "912-70-1{0}", "AB12{2}34C",
        "https://jane:pass{0}@example.com/x", "AKIAIOSFODNN7EXAMPL{3}", "0049 30 9018{0}", "06 12 34 5{3} {2}",
        "ghp_a1B2c3D4e5a1B2c3D4e5a1B2c3D4e5a1B{0}", "postgres://nexus:s3cret{0}@db/x", "Zoë{0}@exämple.com", "10.{1}.{2}.1",
        "\"Jane {0}\"@example.com",
    ];

    /// <summary>200 distinct values.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enumerable.Range(0, 200).Select(number => string.Format(
        CultureInfo.InvariantCulture,
        _forms[number % _forms.Length],
        100 + number,
        20 + number,
        30 + (number / _forms.Length),
        number / _forms.Length))];

    private static readonly SearchValues<string> _written = SearchValues.Create(
        [.. All.SelectMany(Written).Distinct(StringComparer.OrdinalIgnoreCase)],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Finds the values in a text, as they are or encoded in JSON, CSV, a URL or a header. Returns the first few with their
    /// context.
    /// </summary>
    public static IReadOnlyList<string> In(string text)
    {
        var found = new List<string>();
        for (var at = 0; found.Count < 10 && text.AsSpan(at).IndexOfAny(_written) is var next and >= 0;)
        {
            at += next;
            found.Add(text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 100)]);
            at++;
        }

        return found;
    }

    /// <summary>Returns every encoding of a value.</summary>
    private static string[] Written(string value) =>
    [
        value,
        JsonSerializer.Serialize(value).Trim('"'),
        JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
        JsonEncodedText.Encode(JsonEncodedText.Encode(value).ToString()).ToString(),
        Uri.EscapeDataString(value),
        Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal),
        new Uri("http://x/" + Uri.EscapeDataString(value)).AbsolutePath[1..],
        value.Replace("\"", "\"\"", StringComparison.Ordinal),
        Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value)),
        Convert.ToBase64String(Encoding.UTF8.GetBytes(value)),
        Convert.ToHexString(Encoding.UTF8.GetBytes(value)),
    ];
}
