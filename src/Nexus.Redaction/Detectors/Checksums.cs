namespace Nexus.Redaction.Detectors;

/// <summary>The check digits of numbers. All numbers are given without separators, in ASCII.</summary>
internal static class Checksums
{
    /// <summary>The Luhn algorithm (ISO/IEC 7812), for payment cards.</summary>
    public static bool PassesLuhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            var value = digits[^(at + 1)] - '0';
            sum += at % 2 == 0 ? value : value > 4 ? (value * 2) - 9 : value * 2;
        }

        return sum % 10 == 0;
    }

    /// <summary>ISO 7064 MOD 97-10 with the first four characters moved to the end (ISO 13616), for IBANs.</summary>
    public static bool PassesMod97(ReadOnlySpan<char> alphanumeric)
    {
        var remainder = 0;
        for (var at = 0; at < alphanumeric.Length; at++)
        {
            var unit = alphanumeric[(at + 4) % alphanumeric.Length];
            remainder = char.IsAsciiDigit(unit)
                ? ((remainder * 10) + unit - '0') % 97
                : ((remainder * 100) + (unit | 0x20) - 'a' + 10) % 97;
        }

        return remainder == 1;
    }

    /// <summary>Modulus 11 with weights 10 to 2, for the ten digits of an NHS number.</summary>
    public static bool PassesNhs(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var at = 0; at < 9; at++)
        {
            sum += (digits[at] - '0') * (10 - at);
        }

        var check = 11 - (sum % 11);
        return (check == 11 ? 0 : check) == digits[9] - '0'; // a number whose check would be 10 is never issued
    }

    /// <summary>
    /// ISO 7064 MOD 11,10, for the eleven digits of a German tax identification number. Of the first ten, exactly one digit must occur
    /// twice or three times, and no other more than once.
    /// </summary>
    public static bool PassesGermanTaxId(ReadOnlySpan<char> digits)
    {
        Span<int> counts = stackalloc int[10];
        counts.Clear();
        var product = 10;
        foreach (var digit in digits[..10])
        {
            counts[digit - '0']++;
            var sum = (digit - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        var repeated = 0;
        foreach (var count in counts)
        {
            repeated += count > 3 ? 2 : count > 1 ? 1 : 0;
        }

        var check = 11 - product;
        return digits[0] != '0' && repeated == 1 && (check == 10 ? 0 : check) == digits[10] - '0';
    }

    /// <summary>The check letter of a Spanish NIF or NIE.</summary>
    public static char SpanishNifLetter(int number) => "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23];
}
