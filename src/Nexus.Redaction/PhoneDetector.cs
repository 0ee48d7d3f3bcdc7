using System.Runtime.InteropServices;

namespace Nexus.Redaction;

/// <summary>
/// Telephone numbers, international and national, with extensions: a form of a plan of numbers, or any group of digits next to a
/// word that speaks of telephones. Numbers of orders and the like, where a word says so, are none.
/// </summary>
internal sealed class PhoneDetector : IDetector
{
    private const int MaxGroups = 8, FewestDigits = 6, MaxDigits = 17, Reach = 40;

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var groups = scan.Digits;
        for (var first = 0; first < groups.Count;)
        {
            var last = Longest(scan, first);
            first = last < 0 ? first + 1 : last + 1;
        }
    }

    /// <summary>Adds the longest number that begins with a group; answers its last group, -1 where none begins there.</summary>
    private static int Longest(Scan scan, int first)
    {
        var text = scan.Text;
        var groups = scan.Digits;
        var isLinked = first > 0 && PhoneCandidate.IsGap(text[groups[first - 1].End..groups[first].Start]);
        if (isLinked && text[groups[first - 1].End..groups[first].Start].ContainsAny('-', '.', '/'))
        {
            return -1; // in the middle of something
        }

        var (last, digits) = (first, groups[first].Length);
        while (last + 1 < groups.Count && last - first < MaxGroups - 1 && digits + groups[last + 1].Length <= MaxDigits && PhoneCandidate.IsGap(text[groups[last].End..groups[last + 1].Start]))
        {
            last++;
            digits += groups[last].Length;
        }

        for (; digits is >= FewestDigits and <= MaxDigits; digits -= groups[last].Length, last--)
        {
            var goesOn = last + 1 < groups.Count && PhoneCandidate.IsGap(text[groups[last].End..groups[last + 1].Start]);
            var number = new PhoneCandidate(text, CollectionsMarshal.AsSpan(groups)[first..(last + 1)], digits);
            if (!(goesOn && text[groups[last].End..groups[last + 1].Start].IndexOfAny("-./)") >= 0)
                && PhoneShape.Score(number, !isLinked && !goesOn) is > 0 and var shape
                && Edge(scan, number, out var end) is { } context
                && shape + context >= Detectors.Threshold)
            {
                scan.Add(PiiKind.Phone, number.Start, end, shape + context);
                return last;
            }
        }

        return -1;
    }

    /// <summary>What stands around a number: null where it makes it a part of something else, else what it adds to the score.</summary>
    private static double? Edge(Scan scan, PhoneCandidate number, out int end)
    {
        var text = scan.Text;
        var start = number.Start;
        end = PhoneExtension.End(text, number.End);
        var after = Topic.None;
        if (end < text.Length)
        {
            var next = text[end];
            var hasMore = end + 1 < text.Length;
            after = next is ' ' or '-' or '(' or ',' or '/' or ')' ? scan.Topics.After(end, 3) & (Topic.PhonePlace | Topic.Phone) : Topic.None;
            if (Edges.IsWord(next) || next is '%' or '@' or '€' or '$' || (hasMore && next is '.' or '/' or ':' && char.IsAsciiDigit(text[end + 1])) || (hasMore && next == '-' && Edges.IsWord(text[end + 1]) && after == Topic.None))
            {
                return null;
            }
        }

        var before = scan.Topics.Before(text, start, Reach, Topic.Phone | Topic.Calling | Topic.Reference | Topic.Id | Topic.Amount);
        if (start > 0 && IsPartOfMore(text, start, before))
        {
            return null;
        }

        return (after != Topic.None || ((scan.NameTopics | before) & Topic.Phone) != Topic.None, before & Topic.Calling, (before | scan.NameTopics) & Topic.Reference) switch
        {
            (true, _, _) => 0.4,
            (_, Topic.Calling, _) => 0.35,
            (_, _, Topic.Reference) => -0.2,
            _ => PhoneGroups.IsInThrees(number) && ((before & Topic.Amount) != Topic.None || HasUnit(text, end)) ? -0.2 : 0,
        };
    }

    /// <summary>A word right after, as an amount has one: 12 345 678 bytes.</summary>
    private static bool HasUnit(ReadOnlySpan<char> text, int end)
    {
        if (end + 1 >= text.Length || text[end] != ' ')
        {
            return false;
        }

        var word = new WordReader(text[(end + 1)..Math.Min(text.Length, end + 24)]);
        return text[end + 1] is '€' or '$' or '£' or '%' || (word.Read() && word.Start == 0 && (TopicWords.Of(text[(end + 1)..(end + 1 + word.End)]) & Topic.Joining) == Topic.None);
    }

    private static bool IsPartOfMore(ReadOnlySpan<char> text, int start, Topic before)
    {
        var previous = text[start - 1];
        var isAfterWord = start > 1 && Edges.IsWord(text[start - 2]);
        return Edges.IsWord(previous) || previous is '+' or '$' or '€' or '£' or '¥'
            || (previous is '.' or ':' && isAfterWord && char.IsAsciiDigit(text[start - 2]))
            || (previous == '.' && start == 1)
            || (previous is '-' or '/' && isAfterWord && (before & Topic.Phone) == Topic.None)
            || (previous == '-' && start > 1 && text[start - 2] == '-' && (before & Topic.Phone) == Topic.None);
    }
}
