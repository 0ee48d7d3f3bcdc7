namespace Nexus.Redaction.Detectors.Contact;

/// <summary>
/// Scores national numbers without a trunk prefix by how their digits are grouped. A grouping that fits no amount, date or series is
/// rarely anything but a telephone number. One in threes also fits an amount, which <see cref="PhoneDetector"/> rules out by the
/// words around it.
/// </summary>
internal static class PhoneGrouping
{
    /// <summary>The grouping of a US social security number, which has its own detector.</summary>
    private static readonly int[] _ssnGrouping = [3, 2, 4];

    /// <summary>The score of a candidate that no adjacent digits could belong to.</summary>
    public static double Score(PhoneCandidate number)
    {
        var digits = number.Digits;
        if (number.Count == 1)
        {
            // One leading zero is written on purpose. Padded ids have more of them.
            return digits is 10 or 11 && number.DigitsOf(0) is ['0', >= '1' and <= '9', ..] && !IsConsecutive(number.DigitsOf(0)) ? 0.5 : 0;
        }

        if (digits is < 8 or > 12 || !IsSpaced(number) || IsDate(number) || IsSeries(number) || number.HasGroupLengths(_ssnGrouping))
        {
            return 0;
        }

        if (number.Count == 2)
        {
            return number.HasGroupLengths([4, 4]) ? ScoreTwoGroupsOfFour(number)
                : number.HasGroupLengths([5, 5]) && number.DigitsOf(0)[0] >= '6' ? 0.5
                : 0;
        }

        for (var group = 0; group < number.Count; group++)
        {
            if (number.LengthOf(group) > 5 || (number.LengthOf(group) < 2 && group > 0))
            {
                return 0;
            }
        }

        // One digit before two groups of three is an amount.
        return !IsGroupedInThrees(number) || digits == 9 || number.LengthOf(0) == 2 ? 0.5 : 0;
    }

    /// <summary>Whether the digits are grouped in threes from the end, as in an amount.</summary>
    public static bool IsGroupedInThrees(PhoneCandidate number)
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

    /// <summary>Whether the groups only increase or only decrease, as in counts and lists.</summary>
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

    private static double ScoreTwoGroupsOfFour(PhoneCandidate number)
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

    /// <summary>Whether spaces separate the groups, with at most one hyphen among them.</summary>
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

    /// <summary>Whether two groups are a range, such as the pages 100-114.</summary>
    private static bool IsRange(ReadOnlySpan<char> from, ReadOnlySpan<char> to) =>
        from.Length == to.Length && from.CompareTo(to, StringComparison.Ordinal) < 0;

    /// <summary>Whether there is a year at the start, or at the end after a day and a month.</summary>
    private static bool IsDate(PhoneCandidate number) =>
        (number.LengthOf(0) == 4 && number.DigitsOf(0)[..2] is "19" or "20")
        || (number.LengthOf(number.Count - 1) == 4
            && number.Count == 3
            && number.LengthOf(0) <= 2
            && number.LengthOf(1) == 2
            && number.DigitsOf(2)[..2] is "19" or "20");

    /// <summary>Whether each digit follows from the one before it, as in 0123456789, which is nobody's number.</summary>
    private static bool IsConsecutive(ReadOnlySpan<char> digits)
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
