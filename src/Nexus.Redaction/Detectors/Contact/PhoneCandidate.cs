using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Contact;

/// <summary>Groups of digits that together may be a telephone number, with the punctuation around them.</summary>
internal readonly ref struct PhoneCandidate
{
    private const int MaxGapLength = 3;

    private readonly ReadOnlySpan<char> _text;
    private readonly ReadOnlySpan<DigitGroup> _groups;

    /// <summary>Makes a candidate of consecutive groups of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="groups">The groups, at least one.</param>
    /// <param name="digits">The total number of digits in the groups.</param>
    public PhoneCandidate(ReadOnlySpan<char> text, ReadOnlySpan<DigitGroup> groups, int digits)
    {
        _text = text;
        _groups = groups;
        Digits = digits;
        var start = groups[0].Start;
        // A single group in parentheses is not an area code.
        AreaCode = groups.Length == 1 ? -1
            : CharacterBefore(start) == '(' && IsClosedAfter(0) ? 0
            : CharacterBefore(groups[1].Start) == '(' && IsClosedAfter(1) ? 1
            : -1;
        start -= AreaCode == 0 ? 1 : 0;
        HasPlus = CharacterBefore(start) == '+';
        start -= HasPlus ? 1 : 0;
        start -= HasPlus && groups.Length > 1 && CharacterBefore(start) == '(' && IsClosedAfter(0) ? 1 : 0;
        Start = start;
    }

    /// <summary>The number of groups.</summary>
    public int Count => _groups.Length;

    /// <summary>The end of the last group, exclusive.</summary>
    public int End => _groups[^1].End;

    /// <summary>The total number of digits.</summary>
    public int Digits { get; }

    /// <summary>The start of the number, including a plus sign and an opening parenthesis.</summary>
    public int Start { get; }

    /// <summary>Whether a plus sign precedes the digits.</summary>
    public bool HasPlus { get; }

    /// <summary>The index of the group in parentheses, 0 or 1; -1 if neither is.</summary>
    public int AreaCode { get; }

    /// <summary>The number of digits of a group.</summary>
    public int LengthOf(int group) => _groups[group].Length;

    /// <summary>The digits of a group.</summary>
    public ReadOnlySpan<char> DigitsOf(int group) => _text[_groups[group].Start.._groups[group].End];

    /// <summary>The text between a group and the one before it.</summary>
    public ReadOnlySpan<char> GapBefore(int group) => _text[_groups[group - 1].End.._groups[group].Start];

    /// <summary>Whether the groups have exactly these lengths.</summary>
    public bool HasGroupLengths(ReadOnlySpan<int> lengths)
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

    /// <summary>Whether any gap contains a character.</summary>
    public bool HasGapWith(char unit)
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

    /// <summary>Whether every gap is the same single character.</summary>
    public bool HasUniformGaps
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

    /// <summary>Whether a gap may separate groups of one number: a space, hyphen, dot, slash or parentheses, on one line.</summary>
    public static bool IsGap(ReadOnlySpan<char> gap)
    {
        if (gap.Length is 0 or > MaxGapLength || gap is ['.', ' ', ..])
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

    private char CharacterBefore(int at) => at > 0 ? _text[at - 1] : '\0';

    private bool IsClosedAfter(int group) => _groups[group].End < _text.Length && _text[_groups[group].End] == ')';
}
