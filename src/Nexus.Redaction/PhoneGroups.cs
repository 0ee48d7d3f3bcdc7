namespace Nexus.Redaction;

/// <summary>
/// Numbers without a trunk prefix, as their countries group them. A grouping that is not that of an amount (threes at the end), a date
/// or a series is hardly anything else; one in threes is a telephone number only where no unit or amount is near.
/// </summary>
internal static class PhoneGroups
{
    /// <summary>How social security numbers of the United States are grouped, which need a word or their hyphens.</summary>
    private static readonly int[] _social = [3, 2, 4];

    /// <summary>The score of a candidate that is all the digits there are in its place.</summary>
    public static double Score(PhoneCandidate number)
    {
        var digits = number.Digits;
        if (number.Count == 1)
        {
            // Who writes a number with a leading zero means its zero: ids that are padded have more of them.
            return digits is 10 or 11 && number.DigitsOf(0) is ['0', >= '1' and <= '9', ..] && !IsRun(number.DigitsOf(0)) ? 0.5 : 0;
        }

        if (digits is < 8 or > 12 || !IsSpaced(number) || IsDate(number) || IsSeries(number) || number.Is(_social))
        {
            return 0;
        }

        if (number.Count == 2)
        {
            return number.Is([4, 4]) ? Fours(number) : number.Is([5, 5]) && number.DigitsOf(0)[0] >= '6' ? 0.5 : 0;
        }

        for (var group = 0; group < number.Count; group++)
        {
            if (number.LengthOf(group) > 5 || (number.LengthOf(group) < 2 && group > 0))
            {
                return 0;
            }
        }

        // One digit before two threes is an amount wherever it stands.
        return !IsInThrees(number) || digits == 9 || number.LengthOf(0) == 2 ? 0.5 : 0;
    }

    /// <summary>Whether it is grouped like an amount, in threes from its end.</summary>
    public static bool IsInThrees(PhoneCandidate number)
    {
        for (var group = 1; group < number.Count; group++)
        {
            if (number.LengthOf(group) != 3 || number.GapBefore(group) is not " ")
            {
                return false;
            }
        }

        return number.Count > 1 && number.LengthOf(0) <= 3 && number.DigitsOf(0)[0] != '0';
    }

    /// <summary>Numbers that go up or down, as counts and lists do.</summary>
    public static bool IsSeries(PhoneCandidate number)
    {
        var (up, down) = (number.Count > 2, number.Count > 2);
        for (var group = 1; group < number.Count; group++)
        {
            var isAlike = number.LengthOf(group - 1) == number.LengthOf(group);
            var order = number.DigitsOf(group - 1).CompareTo(number.DigitsOf(group), StringComparison.Ordinal);
            up &= isAlike && order <= 0;
            down &= isAlike && order >= 0;
        }

        return up || down;
    }

    private static double Fours(PhoneCandidate number)
    {
        for (var group = 0; group < 2; group++)
        {
            var digits = number.DigitsOf(group);
            if (digits[..2] is "19" or "20" || digits.EndsWith("00", StringComparison.Ordinal))
            {
                return 0;
            }
        }

        return number.DigitsOf(0)[0] >= '2' && number.GapBefore(1) is " " ? 0.5 : 0;
    }

    /// <summary>Spaces between the groups, or spaces and one hyphen.</summary>
    private static bool IsSpaced(PhoneCandidate number)
    {
        var hyphens = 0;
        for (var group = 1; group < number.Count; group++)
        {
            var gap = number.GapBefore(group);
            hyphens += gap is "-" ? 1 : 0;
            if (gap is not (" " or "-") || (gap is "-" && IsRange(number.DigitsOf(group - 1), number.DigitsOf(group))))
            {
                return false;
            }
        }

        return hyphens < 2 && (hyphens == 0 || number.Count > 2);
    }

    /// <summary>Pages 100-114 of a volume.</summary>
    private static bool IsRange(ReadOnlySpan<char> from, ReadOnlySpan<char> to) => from.Length == to.Length && from.CompareTo(to, StringComparison.Ordinal) < 0;

    /// <summary>A year at either end, with groups of two beside it.</summary>
    private static bool IsDate(PhoneCandidate number) =>
        (number.LengthOf(0) == 4 && number.DigitsOf(0)[..2] is "19" or "20") || (number.LengthOf(number.Count - 1) == 4 && number.Count == 3 && number.LengthOf(0) <= 2 && number.LengthOf(1) == 2 && number.DigitsOf(2)[..2] is "19" or "20");

    /// <summary>Digits in their order, as nobody's number has them.</summary>
    private static bool IsRun(ReadOnlySpan<char> digits)
    {
        for (var at = 1; at < digits.Length; at++)
        {
            if ((digits[at] - digits[at - 1] + 10) % 10 != 1)
            {
                return false;
            }
        }

        return true;
    }
}
