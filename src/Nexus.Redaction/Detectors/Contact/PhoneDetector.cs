using System.Runtime.InteropServices;
using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Contact;

/// <summary>
/// Telephone numbers, international and national, with extensions: in the format of a numbering plan, or any digits next to a word
/// about telephones. Digits that a word marks as an order number or another reference are ignored.
/// </summary>
internal sealed class PhoneDetector : IDetector
{
    private const int MaxGroups = 8, MinDigits = 6, MaxDigits = 17, MaxWordDistance = 40;

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var groups = scan.DigitGroups;
        for (var first = 0; first < groups.Count;)
        {
            var last = AddLongest(scan, first);
            first = last < 0 ? first + 1 : last + 1;
        }
    }

    /// <summary>Adds the longest number that begins with a group and returns its last group; -1 if none begins there.</summary>
    private static int AddLongest(TextScan scan, int first)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        var isLinked = first > 0 && PhoneCandidate.IsGap(text[groups[first - 1].End..groups[first].Start]);
        if (isLinked && text[groups[first - 1].End..groups[first].Start].ContainsAny('-', '.', '/'))
        {
            return -1; // in the middle of a longer token
        }

        var (last, digits) = (first, groups[first].Length);
        while (last + 1 < groups.Count
            && last - first < MaxGroups - 1
            && digits + groups[last + 1].Length <= MaxDigits
            && PhoneCandidate.IsGap(text[groups[last].End..groups[last + 1].Start]))
        {
            last++;
            digits += groups[last].Length;
        }

        for (; digits is >= MinDigits and <= MaxDigits; digits -= groups[last].Length, last--)
        {
            var continues = last + 1 < groups.Count && PhoneCandidate.IsGap(text[groups[last].End..groups[last + 1].Start]);
            var number = new PhoneCandidate(text, CollectionsMarshal.AsSpan(groups)[first..(last + 1)], digits);
            if (!(continues && text[groups[last].End..groups[last + 1].Start].IndexOfAny("-./)") >= 0)
                && PhoneFormat.Score(number, !isLinked && !continues) is > 0 and var format
                && ScoreSurroundings(scan, number, out var end) is { } surroundings
                && format + surroundings >= Finding.MinScore)
            {
                scan.Add(PiiKind.Phone, number.Start, end, format + surroundings);
                return last;
            }
        }

        return -1;
    }

    /// <summary>What the surroundings of a number add to its score; null if they make it part of something else.</summary>
    private static double? ScoreSurroundings(TextScan scan, PhoneCandidate number, out int end)
    {
        var text = scan.Text;
        var start = number.Start;
        end = PhoneExtension.FindEnd(text, number.End);
        var after = ContextKind.None;
        if (end < text.Length)
        {
            var next = text[end];
            var hasMore = end + 1 < text.Length;
            after = next is ' ' or '-' or '(' or ',' or '/' or ')'
                ? scan.Context.FindAfter(end, 3) & (ContextKind.PhoneLocation | ContextKind.Phone)
                : ContextKind.None;
            if (WordBoundary.IsWordCharacter(next)
                || next is '%' or '@' or '€' or '$'
                || (hasMore && next is '.' or '/' or ':' && char.IsAsciiDigit(text[end + 1]))
                || (hasMore && next == '-' && WordBoundary.IsWordCharacter(text[end + 1]) && after == ContextKind.None))
            {
                return null;
            }
        }

        const ContextKind Relevant =
            ContextKind.Phone | ContextKind.Call | ContextKind.Reference | ContextKind.Identifier | ContextKind.Amount;
        var before = scan.Context.FindBefore(text, start, MaxWordDistance, Relevant);
        if (start > 0 && IsPartOfLongerToken(text, start, before))
        {
            return null;
        }

        var isPhone = after != ContextKind.None || ((scan.PropertyContext | before) & ContextKind.Phone) != ContextKind.None;
        var isAmount = PhoneGrouping.IsGroupedInThrees(number) && ((before & ContextKind.Amount) != ContextKind.None || HasUnit(text, end));
        return (isPhone, before & ContextKind.Call, (before | scan.PropertyContext) & ContextKind.Reference) switch
        {
            (true, _, _) => 0.4,
            (_, ContextKind.Call, _) => 0.35,
            (_, _, ContextKind.Reference) => -0.2,
            _ => isAmount ? -0.2 : 0,
        };
    }

    /// <summary>Whether a word or a sign right after the digits makes them an amount: <c>12 345 678 bytes</c>.</summary>
    private static bool HasUnit(ReadOnlySpan<char> text, int end)
    {
        if (end + 1 >= text.Length || text[end] != ' ')
        {
            return false;
        }

        var word = new WordReader(text[(end + 1)..Math.Min(text.Length, end + 24)]);
        return text[end + 1] is '€' or '$' or '£' or '%'
            || (word.Read()
                && word.Start == 0
                && (ContextWords.FromWord(text[(end + 1)..(end + 1 + word.End)]) & ContextKind.Connective) == ContextKind.None);
    }

    private static bool IsPartOfLongerToken(ReadOnlySpan<char> text, int start, ContextKind before)
    {
        var previous = text[start - 1];
        var isAfterWord = start > 1 && WordBoundary.IsWordCharacter(text[start - 2]);
        return WordBoundary.IsWordCharacter(previous) || previous is '+' or '$' or '€' or '£' or '¥'
            || (previous is '.' or ':' && isAfterWord && char.IsAsciiDigit(text[start - 2]))
            || (previous == '.' && start == 1)
            || (previous is '-' or '/' && isAfterWord && (before & ContextKind.Phone) == ContextKind.None)
            || (previous == '-' && start > 1 && text[start - 2] == '-' && (before & ContextKind.Phone) == ContextKind.None);
    }
}
