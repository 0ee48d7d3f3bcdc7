namespace Nexus.Redaction.Text;

/// <summary>Finds the runs of digits that may belong to somebody's number, which those of dates and UUIDs do not.</summary>
internal static class DigitGroupFinder
{
    /// <summary>Finds all groups, in order of position.</summary>
    public static List<DigitGroup> Find(ReadOnlySpan<char> text)
    {
        var groups = new List<DigitGroup>();
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAnyInRange('0', '9');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (UuidEnd(text, at) is > 0 and var end)
            {
                at = end;
                continue;
            }

            end = at + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            if (DateEnd(text, at, end) is > 0 and var date)
            {
                at = date;
                continue;
            }

            groups.Add(new DigitGroup(at, end));
            at = end;
        }

        return groups;
    }

    /// <summary>The end of the UUID that contains a digit; 0 if none does. Only the first group of a UUID may begin with letters.</summary>
    private static int UuidEnd(ReadOnlySpan<char> text, int digit)
    {
        var start = digit;
        while (start > 0 && digit - start < 8 && char.IsAsciiHexDigit(text[start - 1]))
        {
            start--;
        }

        var end = start + Uuid.Length;
        return (start == 0 || !WordBoundary.IsWordCharacter(text[start - 1]) || text[start - 1] == '_')
            && end <= text.Length
            && (end == text.Length || !WordBoundary.IsWordCharacter(text[end]))
            && Uuid.IsValid(text[start..end]) ? end : 0;
    }

    /// <summary>The end of the date (2026-11-24, 24.11.2026, 11/24/2026) that begins with these digits; 0 if none does.</summary>
    private static int DateEnd(ReadOnlySpan<char> text, int start, int end)
    {
        if (end - start is not (1 or 2 or 4) || end + 2 >= text.Length || text[end] is not ('-' or '/' or '.'))
        {
            return 0;
        }

        var separator = text[end];
        if (start > 0
            && (WordBoundary.IsWordCharacter(text[start - 1]) || (start > 1 && ContinuesNumber(text[start - 1], text[start - 2]))))
        {
            return 0;
        }

        var second = end + 1;
        var secondEnd = DigitsFrom(text, second);
        if (secondEnd - second is not (1 or 2) || secondEnd >= text.Length || text[secondEnd] != separator)
        {
            return 0;
        }

        var third = secondEnd + 1;
        var thirdEnd = DigitsFrom(text, third);
        if (thirdEnd < text.Length
            && (text[thirdEnd] == '_' || (thirdEnd + 1 < text.Length && ContinuesNumber(text[thirdEnd], text[thirdEnd + 1]))))
        {
            return 0;
        }

        var (one, two, three) = (Value(text[start..end]), Value(text[second..secondEnd]), Value(text[third..thirdEnd]));
        var isDate = end - start == 4
            ? thirdEnd - third is 1 or 2 && IsYear(one) && IsDay(two, three)
            : thirdEnd - third == 4 && IsYear(three) && (IsDay(one, two) || IsDay(two, one));
        return isDate ? thirdEnd : 0;
    }

    private static bool ContinuesNumber(char separator, char next) => separator is '-' or '/' or '.' && char.IsAsciiDigit(next);

    private static bool IsYear(int year) => year is >= 1900 and <= 2100;

    private static bool IsDay(int month, int day) => month is >= 1 and <= 12 && day is >= 1 and <= 31;

    private static int DigitsFrom(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 5 && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end;
    }

    private static int Value(ReadOnlySpan<char> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 10) + digit - '0';
        }

        return value;
    }
}
