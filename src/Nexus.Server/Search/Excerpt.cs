namespace Nexus.Server.Search;

/// <summary>
/// The part of a body to show for a query. FTS5's own snippet walks the postings again for every hit, which costs more
/// than the ranking; this looks at the text alone, so it guesses which words FTS5 took for forms of a term.
/// </summary>
internal static class Excerpt
{
    private const int Length = 240, Lead = 60;

    // A body may be a megabyte; an answer has up to 100 of them.
    private const int Examined = 64 * 1024;

    private static readonly string[] Endings =
        ["s", "es", "e", "y", "ies", "ed", "d", "ing", "ings", "er", "ers", "ly", "al", "ally", "ion", "ions", "ation", "ations", "ment", "ments", "ness", "ity", "ive", "ic", "ical", "able"];

    /// <summary>Plain text of at most 240 characters and ellipses: the stretch with the most different terms, the earliest
    /// of equals; the start of the body where no term is seen.</summary>
    public static string Of(string body, IReadOnlyList<string> terms)
    {
        if (body.Length <= Length) return body;
        var start = Start(body, terms);
        if (start > 0 && char.IsLowSurrogate(body[start])) start--;
        var end = Math.Min(start + Length, body.Length);
        if (end < body.Length)
        {
            var space = body.LastIndexOf(' ', end - 1, Length / 2);
            if (space > start) end = space;
            else if (char.IsHighSurrogate(body[end - 1])) end--;
        }

        return (start > 0 ? "…" : "") + body[start..end].Trim() + (end < body.Length ? "…" : "");
    }

    private static int Start(string body, IReadOnlyList<string> terms)
    {
        var seen = new Queue<(int At, int Term)>();
        var counts = new int[terms.Count];
        var (best, bestDistinct, distinct) = (0, 0, 0);
        foreach (var range in SearchTerms.Runs(body, Examined))
        {
            var at = range.Start.Value;
            var term = Seen(body.AsSpan(range), terms);
            if (term < 0) continue;
            seen.Enqueue((at, term));
            if (counts[term]++ == 0) distinct++;
            while (at - seen.Peek().At > Length - Lead)
            {
                if (--counts[seen.Dequeue().Term] == 0) distinct--;
            }

            if (distinct > bestDistinct) (best, bestDistinct) = (seen.Peek().At, distinct);
        }

        if (best <= Lead) return 0;
        var space = body.IndexOf(' ', best - Lead, Lead);
        return Math.Min(space < 0 ? best : space + 1, Math.Max(0, body.Length - Length));
    }

    private static int Seen(ReadOnlySpan<char> word, IReadOnlyList<string> terms)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (IsForm(word, terms[i])) return i;
        }

        return -1;
    }

    private static bool IsForm(ReadOnlySpan<char> word, ReadOnlySpan<char> term)
    {
        var shared = word.CommonPrefixLength(term, FoldedCase.Instance);
        if (shared == word.Length && shared == term.Length) return true;
        return shared >= 3 && IsEnding(word[shared..]) && IsEnding(term[shared..]);
    }

    private static bool IsEnding(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty) return true;
        foreach (var ending in Endings)
        {
            if (rest.Equals(ending, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private sealed class FoldedCase : IEqualityComparer<char>
    {
        public static readonly FoldedCase Instance = new();

        public bool Equals(char x, char y) => x == y || char.ToLowerInvariant(x) == char.ToLowerInvariant(y);

        public int GetHashCode(char character) => char.ToLowerInvariant(character);
    }
}
