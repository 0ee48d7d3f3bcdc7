using System.Runtime.InteropServices;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Context;

/// <summary>The context words of a text, in order of position.</summary>
internal sealed class ContextIndex
{
    private readonly List<ContextWord> _words = [];

    public ContextIndex(ReadOnlySpan<char> text)
    {
        var isAfterPossessive = false;
        for (var words = new WordReader(text); words.Read();)
        {
            var kind = ContextWords.FromCompoundWord(text[words.Start..words.End]);
            if ((kind & ContextKind.Number) != ContextKind.None && isAfterPossessive)
            {
                kind |= ContextKind.Call;
            }

            isAfterPossessive = (kind & ContextKind.Possessive) != ContextKind.None;
            if ((kind & ~(ContextKind.Possessive | ContextKind.Number | ContextKind.Connective)) != ContextKind.None)
            {
                _words.Add(new ContextWord(words.Start, words.End, kind));
            }
        }
    }

    /// <summary>Which of some kinds the nearest word before a position has that has any of them and is in the same sentence.</summary>
    /// <param name="text">The text that was indexed.</param>
    /// <param name="position">Where the number begins.</param>
    /// <param name="maxDistance">How many characters before the position the word may end.</param>
    /// <param name="kinds">The kinds to look for.</param>
    public ContextKind FindBefore(ReadOnlySpan<char> text, int position, int maxDistance, ContextKind kinds) =>
        FindBefore(text, position, maxDistance, kinds, out _);

    /// <inheritdoc cref="FindBefore(ReadOnlySpan{char}, int, int, ContextKind)" />
    /// <param name="text">The text that was indexed.</param>
    /// <param name="position">Where the number begins.</param>
    /// <param name="maxDistance">How many characters before the position the word may end.</param>
    /// <param name="kinds">The kinds to look for.</param>
    /// <param name="end">The end of the nearest word that has any of the kinds; the position itself where there is none.</param>
    public ContextKind FindBefore(ReadOnlySpan<char> text, int position, int maxDistance, ContextKind kinds, out int end)
    {
        end = position;
        for (var index = FirstIndexFrom(position) - 1; index >= 0 && _words[index].End >= position - maxDistance; index--)
        {
            var word = _words[index];
            if (word.End <= position && (word.Kinds & kinds) != ContextKind.None)
            {
                end = word.End;
                return EndsSentence(text[word.End..position]) ? ContextKind.None : word.Kinds & kinds;
            }
        }

        return ContextKind.None;
    }

    /// <summary>The kinds of the first context word after a position.</summary>
    /// <param name="position">Where the number ends.</param>
    /// <param name="maxDistance">How many characters after the position the word may begin.</param>
    public ContextKind FindAfter(int position, int maxDistance)
    {
        var index = FirstIndexFrom(position);
        return index < _words.Count && _words[index].Start <= position + maxDistance ? _words[index].Kinds : ContextKind.None;
    }

    /// <summary>The kinds of all context words within a range.</summary>
    public ContextKind FindWithin(int from, int to)
    {
        var all = ContextKind.None;
        for (var index = FirstIndexFrom(from); index < _words.Count && _words[index].End <= to; index++)
        {
            all |= _words[index].Kinds;
        }

        return all;
    }

    /// <summary>A full stop right after the word, or after a word of two letters (<c>No.</c>), marks an abbreviation instead.</summary>
    private static bool EndsSentence(ReadOnlySpan<char> between)
    {
        var at = between.Length < 2 ? -1 : between[1..].IndexOf(". ", StringComparison.Ordinal) + 1;
        var isAbbreviation = at >= 3 && char.IsLetter(between[at - 1]) && char.IsLetter(between[at - 2]) && !char.IsLetter(between[at - 3]);
        return at > 0 && !isAbbreviation;
    }

    /// <summary>The index of the first word that begins at or after a position.</summary>
    private int FirstIndexFrom(int position)
    {
        var (low, high) = (0, _words.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_words[middle].Start < position)
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
    private readonly record struct ContextWord(int Start, int End, ContextKind Kinds);
}
