using System.Buffers;
using System.Text.Json.Nodes;
using Nexus.Merkle;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>Resolves plain scalars by YAML 1.2's core schema. Dates, <c>yes</c> and <c>on</c> are text.</summary>
internal static class YamlScalar
{
    private const long MaxSafeInteger = 1L << 53;
    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> _octalDigits = SearchValues.Create("01234567");
    private static readonly SearchValues<char> _realSymbols = SearchValues.Create("0123456789+-.eE");

    /// <summary>
    /// Resolves a scalar; null is YAML's null. False for a number that canonical JSON cannot represent: beyond ±2^53, infinite or
    /// NaN.
    /// </summary>
    public static bool TryResolve(string text, out JsonNode? node)
    {
        node = null;
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return true;
            case "true" or "True" or "TRUE":
                node = JsonValue.Create(true);
                return true;
            case "false" or "False" or "FALSE":
                node = JsonValue.Create(false);
                return true;
            case ".nan" or ".NaN" or ".NAN":
                return false;
        }

        var unsigned = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        if (unsigned is ".inf" or ".Inf" or ".INF")
        {
            return false;
        }

        if (unsigned.Length > 0 && !unsigned.ContainsAnyExceptInRange('0', '9'))
        {
            return TryCreateInteger(
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole),
                whole,
                out node);
        }

        if (text.StartsWith("0x", StringComparison.Ordinal) && HasOnlyDigits(text, _hexDigits))
        {
            return TryCreateInteger(
                long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole),
                whole,
                out node);
        }

        if (text.StartsWith("0o", StringComparison.Ordinal) && HasOnlyDigits(text, _octalDigits))
        {
            return TryParseOctal(text.AsSpan(2), out node);
        }

        const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!text.AsSpan().ContainsAnyExcept(_realSymbols) && double.TryParse(text, Real, CultureInfo.InvariantCulture, out var value))
        {
            node = CanonicalNumber.IsExact(value) ? JsonValue.Create(value) : null;
            return node is not null;
        }

        node = JsonValue.Create(text);
        return true;
    }

    private static bool HasOnlyDigits(string text, SearchValues<char> digits) =>
        text.Length > 2 && !text.AsSpan(2).ContainsAnyExcept(digits);

    private static bool TryParseOctal(ReadOnlySpan<char> digits, out JsonNode? node)
    {
        var whole = 0L;
        foreach (var digit in digits)
        {
            whole = Math.Min(MaxSafeInteger + 1, (whole * 8) + (digit - '0'));
        }

        return TryCreateInteger(true, whole, out node);
    }

    private static bool TryCreateInteger(bool read, long whole, out JsonNode? node)
    {
        read = read && whole is >= -MaxSafeInteger and <= MaxSafeInteger;
        node = read ? JsonValue.Create(whole) : null;
        return read;
    }
}
