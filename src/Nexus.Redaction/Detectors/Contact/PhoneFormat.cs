namespace Nexus.Redaction.Detectors.Contact;

/// <summary>Scores how much groups of digits look like a telephone number on their own: formats of numbering plans worldwide.</summary>
internal static class PhoneFormat
{
    /// <summary>The score of a format that needs a context word.</summary>
    private const double WeakScore = 0.25;

    /// <summary>The score, 0 to 1, before anything around the candidate is considered.</summary>
    /// <param name="number">The candidate.</param>
    /// <param name="isIsolated">Whether no adjacent digits could belong to the same number.</param>
    public static double Score(PhoneCandidate number, bool isIsolated)
    {
        var digits = number.Digits;
        if (number.Count > 1 && number.GapBefore(1).Contains('(') && number.AreaCode != 1)
        {
            return 0; // the parenthesis opens something else
        }

        if (number.HasPlus)
        {
            return digits is < 7 or > 15 || number.DigitsOf(0)[0] == '0' ? 0 : digits >= 8 ? 0.75 : 0.45;
        }

        var score = Math.Max(
            Math.Max(ScoreInternationalPrefix(number, digits), ScoreAreaCode(number, digits)),
            Math.Max(ScoreNorthAmerican(number), ScoreTrunkPrefix(number, digits)));
        return !isIsolated ? score : Math.Max(score, Math.Max(PhoneGrouping.Score(number), ScorePlainDigits(number, digits)));
    }

    /// <summary>00 instead of a plus sign.</summary>
    private static double ScoreInternationalPrefix(PhoneCandidate number, int digits)
    {
        var first = number.DigitsOf(0);
        var hasPrefix = digits is >= 10 and <= 17 && first.StartsWith("00", StringComparison.Ordinal) && first is not ['0', '0', '0', ..];
        return !hasPrefix ? 0 : number.Count > 1 && !number.HasGapWith('.') ? 0.7 : 0.3;
    }

    /// <summary>An area code in parentheses.</summary>
    private static double ScoreAreaCode(PhoneCandidate number, int digits)
    {
        var area = number.AreaCode;
        if (area < 0
            || digits is < 7 or > 14
            || number.Count == area + 1
            || number.LengthOf(area) is < 2 or > 5
            || (area == 1 && number.LengthOf(0) > 4))
        {
            return 0;
        }

        var local = digits - number.LengthOf(area) - (area == 1 ? number.LengthOf(0) : 0);
        for (var group = area + 1; group < number.Count; group++)
        {
            if (number.LengthOf(group) < 2)
            {
                return 0;
            }
        }

        var isYear = number.LengthOf(area) == 4 && number.DigitsOf(area)[..2] is "19" or "20";
        return local is >= 5 and <= 10 && !isYear ? 0.7 : 0;
    }

    /// <summary>North America: 3-3-4, also after a 1.</summary>
    private static double ScoreNorthAmerican(PhoneCandidate number)
    {
        var area = number.HasGroupLengths([3, 3, 4]) ? 0 : number.HasGroupLengths([1, 3, 3, 4]) && number.DigitsOf(0)[0] == '1' ? 1 : -1;
        var hasOtherGap = number.HasGapWith('(') || number.HasGapWith(')') || number.HasGapWith('/');
        return area < 0 || hasOtherGap ? 0 : !number.HasGapWith('-') && !number.HasGapWith('.') ? 0.5 : 0.6;
    }

    /// <summary>Most other countries: a 0 before the area code. Five digits, a hyphen and four are a US postal code.</summary>
    private static double ScoreTrunkPrefix(PhoneCandidate number, int digits)
    {
        if (digits is < 8 or > 12
            || number.Count < 2
            || number.DigitsOf(0) is not ['0', >= '1' and <= '9', ..]
            || number.LengthOf(0) > 6
            || number.HasGapWith('(')
            || number.HasGapWith(')')
            || (number.HasGroupLengths([5, 4]) && number.HasGapWith('-')))
        {
            return 0;
        }

        for (var group = 1; group < number.Count; group++)
        {
            if (number.LengthOf(group) < 2 || (number.GapBefore(group).Contains('/') && (group > 1 || number.LengthOf(0) < 3)))
            {
                return 0;
            }
        }

        // Versions and amounts contain dots, too.
        var isDotted = number.HasGapWith('.');
        if (isDotted && (!number.HasUniformGaps || number.Count < 3 || number.HasGroupLengths([4, 4, 4])))
        {
            return 0.2;
        }

        return digits >= 9 ? 0.55 : number.Count > 2 && !PhoneGrouping.IsSeries(number) ? 0.5 : 0.42;
    }

    /// <summary>Digits without a distinctive format, as people write telephone numbers and many other things.</summary>
    private static double ScorePlainDigits(PhoneCandidate number, int digits)
    {
        if (digits is < 6 or > 13
            || number.Count > 6
            || number.HasGapWith('(')
            || number.HasGapWith(')')
            || (number.HasGapWith('.') && number.Count < 3))
        {
            return 0;
        }

        for (var group = 0; group < number.Count; group++)
        {
            if (number.LengthOf(group) < 2 && (group > 0 || number.Count == 1))
            {
                return 0;
            }
        }

        // A round number is an amount.
        if (number.Count == 1 && number.DigitsOf(0).EndsWith("0000", StringComparison.Ordinal))
        {
            return 0;
        }

        var isYears = number.HasGroupLengths([4, 4]) && number.DigitsOf(0)[..2] is "19" or "20" && number.DigitsOf(1)[..2] is "19" or "20";
        return isYears ? 0 : digits > 6 ? WeakScore : number.HasGroupLengths([2, 2, 2]) || number.HasGroupLengths([3, 3]) ? 0.15 : 0;
    }
}
