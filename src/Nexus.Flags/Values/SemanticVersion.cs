using System.Globalization;

namespace Nexus.Flags.Values;

/// <summary>
/// A version as flagd's <c>sem_ver</c> reads it: semver 2.0 with a leading v allowed, and <c>1</c> or <c>1.2</c> filled up
/// with zeros. Limits are those of the npm package semver.
/// </summary>
internal readonly record struct SemanticVersion(long Major, long Minor, long Patch, string PreRelease)
{
    private const int MaxLength = 256;
    private const long MaxNumber = 9_007_199_254_740_991;
    private const int MaxCoercedDigits = 16;

    public static bool TryParse(string text, out SemanticVersion version)
    {
        ReadOnlySpan<char> rest = text;
        rest = !rest.IsEmpty && rest[0] is 'v' or 'V' ? rest[1..] : rest;
        return TryParseWhole(rest, out version) || TryParseShort(rest, out version);
    }

    /// <summary>Below, at or above zero, as this comes before, with or after another (semver 2.0, 11).</summary>
    public int Against(SemanticVersion other)
    {
        var order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (order != 0 || PreRelease == other.PreRelease)
        {
            return order;
        }

        // Having a pre-release is less than having none.
        return PreRelease.Length == 0 ? 1 : other.PreRelease.Length == 0 ? -1 : CompareIdentifiers(PreRelease, other.PreRelease);
    }

    private static bool TryParseWhole(ReadOnlySpan<char> text, out SemanticVersion version)
    {
        version = default;
        if (text.Length > MaxLength)
        {
            return false;
        }

        text = JsNumber.Trim(text);
        text = !text.IsEmpty && text[0] == 'v' ? text[1..] : text;
        var plus = text.IndexOf('+');
        if (plus >= 0 && !AreIdentifiers(text[(plus + 1)..], static id => true))
        {
            return false;
        }

        text = plus >= 0 ? text[..plus] : text;
        var dash = text.IndexOf('-');
        var preRelease = dash >= 0 ? text[(dash + 1)..] : default;
        if (dash >= 0 && !AreIdentifiers(preRelease, static id => !IsNumeric(id) || HasNoLeadingZero(id)))
        {
            return false;
        }

        var main = dash >= 0 ? text[..dash] : text;
        if (main.Count('.') != 2
            || !TryNumber(Next(ref main), out var major) || !TryNumber(Next(ref main), out var minor) || !TryNumber(Next(ref main), out var patch))
        {
            return false;
        }

        version = new SemanticVersion(major, minor, patch, preRelease.ToString());
        return true;
    }

    // `1` and `1.2`. Of more than 16 digits the package finds the first number that is shorter, which can only be the second.
    private static bool TryParseShort(ReadOnlySpan<char> text, out SemanticVersion version)
    {
        version = default;
        var dot = text.IndexOf('.');
        var first = dot >= 0 ? text[..dot] : text;
        var second = dot >= 0 ? text[(dot + 1)..] : "0";
        if (!IsNumeric(first) || !IsNumeric(second))
        {
            return false;
        }

        if (first.Length > MaxCoercedDigits && dot >= 0)
        {
            first = second;
            second = "0";
        }

        if (first.Length > MaxCoercedDigits || !TryNumber(first, out var major))
        {
            return false;
        }

        // A second number that is too long is left where it stands.
        long minor = 0;
        if (second.Length <= MaxCoercedDigits && !TryNumber(second, out minor))
        {
            return false;
        }

        version = new SemanticVersion(major, minor, 0, "");
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        return IsNumeric(digits) && HasNoLeadingZero(digits)
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= MaxNumber;
    }

    private static bool IsNumeric(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    private static bool HasNoLeadingZero(ReadOnlySpan<char> digits) => digits[0] != '0' || digits.Length == 1;

    private static bool AreIdentifiers(ReadOnlySpan<char> text, Func<ReadOnlySpan<char>, bool> allows)
    {
        for (var count = text.Count('.'); count >= 0; count--)
        {
            var id = Next(ref text);
            if (id.IsEmpty || !allows(id))
            {
                return false;
            }

            foreach (var character in id)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static int CompareIdentifiers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var order = CompareIdentifier(Next(ref left), Next(ref right));
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        var id = dot >= 0 ? text[..dot] : text;
        text = dot >= 0 ? text[(dot + 1)..] : default;
        return id;
    }

    private static int CompareIdentifier(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var (leftIsNumeric, rightIsNumeric) = (IsNumeric(left), IsNumeric(right));
        if (leftIsNumeric != rightIsNumeric)
        {
            return leftIsNumeric ? -1 : 1;
        }

        if (!leftIsNumeric)
        {
            return left.SequenceCompareTo(right);
        }

        // Numbers of any length as doubles, as the package compares them.
        return double.Parse(left, NumberStyles.None, CultureInfo.InvariantCulture)
            .CompareTo(double.Parse(right, NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
