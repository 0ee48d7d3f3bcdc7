using System.Runtime.InteropServices;

namespace Nexus.Redaction;

/// <summary>The words of a text that say something of a number near them, in their order.</summary>
internal sealed class TopicIndex
{
    private readonly List<TopicWord> _words = [];

    /// <summary>Reads a text's words.</summary>
    public TopicIndex(ReadOnlySpan<char> text)
    {
        var possessive = false;
        for (var words = new WordReader(text); words.Read();)
        {
            var topic = TopicWords.OfParts(text[words.Start..words.End]);
            if ((topic & Topic.Number) != Topic.None && possessive)
            {
                topic |= Topic.Calling;
            }

            possessive = (topic & Topic.Possessive) != Topic.None;
            if ((topic & ~(Topic.Possessive | Topic.Number | Topic.Joining)) != Topic.None)
            {
                _words.Add(new TopicWord(words.Start, words.End, topic));
            }
        }
    }

    /// <summary>All that the words of a name say.</summary>
    public static Topic Of(ReadOnlySpan<char> name)
    {
        var all = Topic.None;
        for (var words = new WordReader(name); words.Read();)
        {
            all |= TopicWords.OfParts(name[words.Start..words.End]);
        }

        return all & ~(Topic.Possessive | Topic.Number | Topic.Joining);
    }

    /// <summary>What the nearest word before a place says that speaks of any of some topics, in the same sentence.</summary>
    /// <param name="text">The text that was read.</param>
    /// <param name="place">Where the number begins.</param>
    /// <param name="reach">How many characters the word may end before it.</param>
    /// <param name="among">The topics.</param>
    public Topic Before(ReadOnlySpan<char> text, int place, int reach, Topic among) => Before(text, place, reach, among, out _);

    /// <summary>The same, with where that word ends.</summary>
    public Topic Before(ReadOnlySpan<char> text, int place, int reach, Topic among, out int end)
    {
        end = place;
        for (var index = FirstFrom(place) - 1; index >= 0 && _words[index].End >= place - reach; index--)
        {
            var word = _words[index];
            if (word.End <= place && (word.Topic & among) != Topic.None)
            {
                end = word.End;
                return EndsSentence(text[word.End..place]) ? Topic.None : word.Topic & among;
            }
        }

        return Topic.None;
    }

    /// <summary>What the word right after a place says.</summary>
    /// <param name="place">Where the number ends.</param>
    /// <param name="reach">How many characters may stand between.</param>
    public Topic After(int place, int reach)
    {
        var index = FirstFrom(place);
        return index < _words.Count && _words[index].Start <= place + reach ? _words[index].Topic : Topic.None;
    }

    /// <summary>What the words of a stretch say.</summary>
    public Topic Within(int from, int to)
    {
        var all = Topic.None;
        for (var index = FirstFrom(from); index < _words.Count && _words[index].End <= to; index++)
        {
            all |= _words[index].Topic;
        }

        return all;
    }

    /// <summary>A full stop right after the word, or after one of two letters (<c>No.</c>), is an abbreviation's.</summary>
    private static bool EndsSentence(ReadOnlySpan<char> between)
    {
        var at = between.Length < 2 ? -1 : between[1..].IndexOf(". ", StringComparison.Ordinal) + 1;
        return at > 0 && !(at >= 3 && char.IsLetter(between[at - 1]) && char.IsLetter(between[at - 2]) && !char.IsLetter(between[at - 3]));
    }

    /// <summary>The first word that does not begin before a place.</summary>
    private int FirstFrom(int place)
    {
        var (low, high) = (0, _words.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_words[middle].Start < place)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct TopicWord(int Start, int End, Topic Topic);
}
