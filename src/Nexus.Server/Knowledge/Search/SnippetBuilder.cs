namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Builds the excerpt of a body for a query. FTS5's own snippet function walks the postings again for every hit, which costs more
/// than ranking; this reads only the text.
/// </summary>
internal static class SnippetBuilder
{
    private const int MaxLength = 240, LeadLength = 60;

    /// <summary>How many characters of a body are examined. A body may be a megabyte, and an answer has up to 100 hits.</summary>
    public const int MaxExaminedLength = 64 * 1024;

    /// <summary>
    /// Returns plain text of at most 240 characters plus ellipses: the earliest section with the most distinct terms, or the
    /// start of the body if there are none.
    /// </summary>
    public static string Build(string body, TermMatcher terms)
    {
        if (body.Length <= MaxLength)
        {
            return body;
        }

        var start = FindStart(body, terms);
        if (start > 0 && char.IsLowSurrogate(body[start]))
        {
            start--;
        }

        var end = Math.Min(start + MaxLength, body.Length);
        if (end < body.Length)
        {
            var space = body.LastIndexOf(' ', end - 1, MaxLength / 2);
            if (space > start)
            {
                end = space;
            }
            else if (char.IsHighSurrogate(body[end - 1]))
            {
                end--;
            }
        }

        return (start > 0 ? "…" : "") + body[start..end].Trim() + (end < body.Length ? "…" : "");
    }

    private static int FindStart(string body, TermMatcher terms)
    {
        var seen = new Queue<(int At, int Term)>();
        var counts = new int[terms.Count];
        var (best, bestDistinct, distinct) = (0, 0, 0);
        foreach (var range in SearchTerms.FindWords(body, MaxExaminedLength))
        {
            var at = range.Start.Value;
            var term = terms.FindTerm(body.AsSpan(range));
            if (term < 0)
            {
                continue;
            }

            seen.Enqueue((at, term));
            if (counts[term]++ == 0)
            {
                distinct++;
            }

            while (at - seen.Peek().At > MaxLength - LeadLength)
            {
                if (--counts[seen.Dequeue().Term] == 0)
                {
                    distinct--;
                }
            }

            if (distinct > bestDistinct)
            {
                (best, bestDistinct) = (seen.Peek().At, distinct);
            }

            if (distinct == counts.Length)
            {
                break;
            }
        }

        if (best <= LeadLength)
        {
            return 0;
        }

        var space = body.IndexOf(' ', best - LeadLength, LeadLength);
        return Math.Min(space < 0 ? best : space + 1, Math.Max(0, body.Length - MaxLength));
    }
}
