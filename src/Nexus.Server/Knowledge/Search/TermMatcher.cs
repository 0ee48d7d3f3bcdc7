using System.Collections.Frozen;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Finds the words of a text that are forms of a query's terms: equal except for a common ending after at least three letters.
/// This approximates FTS5's stemmer at a cost that does not grow with the number of terms.
/// </summary>
internal sealed class TermMatcher
{
    private const int MinStemLength = 3, MaxEndingLength = 6;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _endings = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "s",
        "es",
        "e",
        "y",
        "ies",
        "ed",
        "d",
        "ing",
        "ings",
        "er",
        "ers",
        "ly",
        "al",
        "ally",
        "ion",
        "ions",
        "ation",
        "ations",
        "ment",
        "ments",
        "ness",
        "ity",
        "ive",
        "ic",
        "ical",
        "able")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    // Each term, and each of its possible stems.
    private readonly Dictionary<string, int> _terms = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TermMatcher(IReadOnlyList<string> terms)
    {
        Count = terms.Count;
        for (var i = 0; i < terms.Count; i++)
        {
            _terms[terms[i]] = i;
        }

        for (var i = 0; i < terms.Count; i++)
        {
            for (var stem = terms[i].Length - 1; stem >= GetMinStem(terms[i]); stem--)
            {
                if (_endings.Contains(terms[i].AsSpan(stem)))
                {
                    _terms.TryAdd(terms[i][..stem], i);
                }
            }
        }

        _lookup = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The number of terms.</summary>
    public int Count { get; }

    /// <summary>Returns the index of the term that the word is a form of, or -1.</summary>
    public int FindTerm(ReadOnlySpan<char> word)
    {
        if (_lookup.TryGetValue(word, out var term))
        {
            return term;
        }

        for (var stem = word.Length - 1; stem >= GetMinStem(word); stem--)
        {
            if (_endings.Contains(word[stem..]) && _lookup.TryGetValue(word[..stem], out term))
            {
                return term;
            }
        }

        return -1;
    }

    private static int GetMinStem(ReadOnlySpan<char> word) => Math.Max(MinStemLength, word.Length - MaxEndingLength);
}
