using System.Globalization;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>
/// A version by semver.org 2.0, with flagd's liberties: a leading v or V, and 1 or 1.2 for 1.0.0 or 1.2.0. It refers to the text it
/// was parsed from, so that comparing versions needs no memory.
/// </summary>
internal readonly ref struct SemanticVersion
{
    private readonly ReadOnlySpan<char> _preRelease;

    private SemanticVersion(ulong major, ulong minor, ulong patch, ReadOnlySpan<char> preRelease)
    {
        (Major, Minor, Patch) = (major, minor, patch);
        _preRelease = preRelease;
    }

    public ulong Major { get; }

    public ulong Minor { get; }

    public ulong Patch { get; }

    public static bool TryParse(ReadOnlySpan<char> text, out SemanticVersion version)
    {
        version = default;
        text = text.Length > 0 && text[0] is 'v' or 'V' ? text[1..] : text;
        var plus = text.IndexOf('+');
        var build = plus < 0 ? default : text[(plus + 1)..];
        text = plus < 0 ? text : text[..plus];
        var dash = text.IndexOf('-');
        var preRelease = dash < 0 ? default : text[(dash + 1)..];
        text = dash < 0 ? text : text[..dash];
        var dots = text.Count('.');
        if (dots > 2 || (dots < 2 && (plus >= 0 || dash >= 0))
            || (plus >= 0 && !AreIdentifiers(build, allowsLeadingZeros: true))
            || (dash >= 0 && !AreIdentifiers(preRelease, allowsLeadingZeros: false))
            || !TryNumber(Next(ref text), out var major))
        {
            return false;
        }

        ulong minor = 0, patch = 0;
        if ((dots > 0 && !TryNumber(Next(ref text), out minor)) || (dots > 1 && !TryNumber(Next(ref text), out patch)))
        {
            return false;
        }

        version = new SemanticVersion(major, minor, patch, preRelease);
        return true;
    }

    /// <summary>The order of precedence, semver.org 11. Build metadata does not count.</summary>
    public static int Compare(SemanticVersion first, SemanticVersion second)
    {
        var order = (first.Major, first.Minor, first.Patch).CompareTo((second.Major, second.Minor, second.Patch));
        if (order != 0)
        {
            return order;
        }

        var left = first._preRelease;
        var right = second._preRelease;
        if (left.IsEmpty || right.IsEmpty)
        {
            return left.IsEmpty.CompareTo(right.IsEmpty);
        }

        while (order == 0 && !left.IsEmpty && !right.IsEmpty)
        {
            order = CompareIdentifiers(Next(ref left), Next(ref right));
        }

        return order != 0 ? order : left.Length.CompareTo(right.Length);
    }

    private static int CompareIdentifiers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var isLeftNumeric = IsNumeric(left);
        var isRightNumeric = IsNumeric(right);
        if (isLeftNumeric != isRightNumeric)
        {
            return isLeftNumeric ? -1 : 1;
        }

        // Without leading zeros the longer number is the larger one.
        return isLeftNumeric && left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }

    private static bool AreIdentifiers(ReadOnlySpan<char> text, bool allowsLeadingZeros)
    {
        for (var count = text.Count('.'); count >= 0; count--)
        {
            var identifier = Next(ref text);
            if (identifier.IsEmpty || (!allowsLeadingZeros && identifier is ['0', _, ..] && IsNumeric(identifier)))
            {
                return false;
            }

            foreach (var character in identifier)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-')
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out ulong number)
    {
        number = 0;
        return digits is not ['0', _, ..] && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsNumeric(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> text)
    {
        var dot = text.IndexOf('.');
        var part = dot < 0 ? text : text[..dot];
        text = dot < 0 ? default : text[(dot + 1)..];
        return part;
    }
}
