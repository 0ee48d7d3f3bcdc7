namespace Nexus.Redaction;

/// <summary>Groups of digits that may together be a telephone number, and the marks around them that say more.</summary>
internal readonly ref struct PhoneCandidate
{
    private const int LongestGap = 3;

    private readonly ReadOnlySpan<char> _text;
    private readonly ReadOnlySpan<DigitGroup> _groups;

    /// <summary>Looks at groups of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="groups">The groups that may be a number.</param>
    /// <param name="digits">How many digits they have.</param>
    public PhoneCandidate(ReadOnlySpan<char> text, ReadOnlySpan<DigitGroup> groups, int digits)
    {
        _text = text;
        _groups = groups;
        Digits = digits;
        var start = groups[0].Start;
        // A group that is all there is in parentheses is no area code.
        AreaCode = groups.Length == 1 ? -1 : Before(start) == '(' && Closes(0) ? 0 : Before(groups[1].Start) == '(' && Closes(1) ? 1 : -1;
        start -= AreaCode == 0 ? 1 : 0;
        HasPlus = Before(start) == '+';
        start -= HasPlus ? 1 : 0;
        start -= HasPlus && groups.Length > 1 && Before(start) == '(' && Closes(0) ? 1 : 0;
        Start = start;
    }

    /// <summary>How many groups.</summary>
    public int Count => _groups.Length;

    /// <summary>Where the digits end.</summary>
    public int End => _groups[^1].End;

    /// <summary>How many digits.</summary>
    public int Digits { get; }

    /// <summary>Where the number begins, with its plus sign and its parenthesis.</summary>
    public int Start { get; }

    /// <summary>Whether it begins with a plus sign.</summary>
    public bool HasPlus { get; }

    /// <summary>The group in parentheses: 0, 1, or -1 where neither is.</summary>
    public int AreaCode { get; }

    /// <summary>How many digits a group has.</summary>
    public int LengthOf(int group) => _groups[group].Length;

    /// <summary>The digits of a group.</summary>
    public ReadOnlySpan<char> DigitsOf(int group) => _text[_groups[group].Start.._groups[group].End];

    /// <summary>What stands before a group and after the one before it.</summary>
    public ReadOnlySpan<char> GapBefore(int group) => _text[_groups[group - 1].End.._groups[group].Start];

    /// <summary>Whether the lengths of the groups are these.</summary>
    public bool Is(ReadOnlySpan<int> lengths)
    {
        if (lengths.Length != Count)
        {
            return false;
        }

        for (var group = 0; group < lengths.Length; group++)
        {
            if (LengthOf(group) != lengths[group])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether any gap holds a character.</summary>
    public bool HasGap(char unit)
    {
        for (var group = 1; group < Count; group++)
        {
            if (GapBefore(group).Contains(unit))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether every gap is the same one character.</summary>
    public bool HasOneGap
    {
        get
        {
            for (var group = 1; group < Count; group++)
            {
                if (GapBefore(group).Length != 1 || GapBefore(group)[0] != GapBefore(1)[0])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether what stands between two groups may stand inside a number: a space, hyphen, dot, slash or parentheses, on one line.</summary>
    public static bool IsGap(ReadOnlySpan<char> gap)
    {
        if (gap.Length is 0 or > LongestGap || gap is ['.', ' ', ..])
        {
            return false;
        }

        var (marks, open, close) = (0, 0, 0);
        foreach (var unit in gap)
        {
            marks += unit is '-' or '.' or '/' ? 1 : 0;
            open += unit == '(' ? 1 : 0;
            close += unit == ')' ? 1 : 0;
            if (unit is not (' ' or '-' or '.' or '/' or '(' or ')'))
            {
                return false;
            }
        }

        return marks <= 1 && open <= 1 && close <= 1 && !gap.StartsWith("  ", StringComparison.Ordinal);
    }

    private char Before(int at) => at > 0 ? _text[at - 1] : '\0';

    private bool Closes(int group) => _groups[group].End < _text.Length && _text[_groups[group].End] == ')';
}
