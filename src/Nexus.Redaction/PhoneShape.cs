namespace Nexus.Redaction;

/// <summary>How much a group of digits looks like a telephone number by itself, 0 to 1: forms of plans of numbers around the world.</summary>
internal static class PhoneShape
{
    /// <summary>A form that needs a word of its subject.</summary>
    public const double Weak = 0.25;

    /// <summary>The score.</summary>
    /// <param name="number">The groups.</param>
    /// <param name="isWhole">Whether no digits stand before or after them that might belong to the same number.</param>
    public static double Score(PhoneCandidate number, bool isWhole)
    {
        var digits = number.Digits;
        if (number.Count > 1 && number.GapBefore(1).Contains('(') && number.AreaCode != 1)
        {
            return 0; // the second group opens something else
        }

        if (number.HasPlus)
        {
            return digits is < 7 or > 15 || number.DigitsOf(0)[0] == '0' ? 0 : digits >= 8 ? 0.75 : 0.45;
        }

        var score = Math.Max(Math.Max(Exit(number, digits), Area(number, digits)), Math.Max(American(number), Trunk(number, digits)));
        return !isWhole ? score : Math.Max(score, Math.Max(PhoneGroups.Score(number), Plain(number, digits)));
    }

    /// <summary>00 in the place of the plus sign.</summary>
    private static double Exit(PhoneCandidate number, int digits)
    {
        var first = number.DigitsOf(0);
        return digits is < 10 or > 17 || !first.StartsWith("00", StringComparison.Ordinal) || first is ['0', '0', '0', ..] ? 0 : number.Count > 1 && !number.HasGap('.') ? 0.7 : 0.3;
    }

    /// <summary>An area code in parentheses.</summary>
    private static double Area(PhoneCandidate number, int digits)
    {
        var area = number.AreaCode;
        if (area < 0 || digits is < 7 or > 14 || number.Count == area + 1 || number.LengthOf(area) is < 2 or > 5 || (area == 1 && number.LengthOf(0) > 4))
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

    /// <summary>North America: 3-3-4, with or without a 1 before it.</summary>
    private static double American(PhoneCandidate number)
    {
        var area = number.Is([3, 3, 4]) ? 0 : number.Is([1, 3, 3, 4]) && number.DigitsOf(0)[0] == '1' ? 1 : -1;
        return area < 0 || number.HasGap('(') || number.HasGap(')') || number.HasGap('/') ? 0 : !number.HasGap('-') && !number.HasGap('.') ? 0.5 : 0.6;
    }

    /// <summary>Most other countries: a 0 before the area code. Five digits, a hyphen and four are a postal code of the United States.</summary>
    private static double Trunk(PhoneCandidate number, int digits)
    {
        if (digits is < 8 or > 12 || number.Count < 2 || number.DigitsOf(0) is not ['0', >= '1' and <= '9', ..] || number.LengthOf(0) > 6 || number.HasGap('(') || number.HasGap(')')
            || (number.Is([5, 4]) && number.HasGap('-')))
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

        // Dots stand in versions and amounts as well.
        var isDotted = number.HasGap('.');
        return isDotted && (!number.HasOneGap || number.Count < 3 || number.Is([4, 4, 4])) ? 0.2 : digits >= 9 ? 0.55 : number.Count > 2 && !PhoneGroups.IsSeries(number) ? 0.5 : 0.42;
    }

    /// <summary>Digits as people write them down for one another; as anything else is written too.</summary>
    private static double Plain(PhoneCandidate number, int digits)
    {
        if (digits is < 6 or > 13 || number.Count > 6 || number.HasGap('(') || number.HasGap(')') || (number.HasGap('.') && number.Count < 3))
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

        var isYears = number.Is([4, 4]) && number.DigitsOf(0)[..2] is "19" or "20" && number.DigitsOf(1)[..2] is "19" or "20";
        return isYears ? 0 : digits > 6 ? Weak : number.Is([2, 2, 2]) || number.Is([3, 3]) ? 0.15 : 0;
    }
}
