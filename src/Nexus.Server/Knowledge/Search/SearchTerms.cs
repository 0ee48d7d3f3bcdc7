using System.Text;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Splits a query into terms: the runs of letters and digits that FTS5's unicode61 tokenizer would find. Nothing a caller writes
/// reaches FTS5 as syntax.
/// </summary>
internal static class SearchTerms
{
    /// <summary>The maximum number of distinct terms; each costs a pass over its postings. Later terms are ignored.</summary>
    public const int MaxTerms = 64;

    /// <summary>Returns the distinct terms in order, without stop words unless there are only stop words.</summary>
    public static IReadOnlyList<string> Parse(string text)
    {
        var terms = new List<string>();
        var stopWords = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in FindWords(text, text.Length))
        {
            var term = text[run].ToLowerInvariant();
            if (!seen.Add(term))
            {
                continue;
            }

            if (!StopWords.English.Contains(term))
            {
                terms.Add(term);
            }
            else if (stopWords.Count < MaxTerms)
            {
                stopWords.Add(term);
            }

            if (terms.Count == MaxTerms)
            {
                break;
            }
        }

        return terms.Count > 0 ? terms : stopWords;
    }

    /// <summary>Returns the FTS5 expression that matches any of the terms.</summary>
    public static string ToMatchExpression(IReadOnlyList<string> terms) => string.Join(" OR ", terms.Select(Quote));

    /// <summary>Returns the term as an FTS5 string. Terms never contain quotation marks.</summary>
    public static string Quote(string term) => $"\"{term}\"";

    /// <summary>Finds the runs of letters and digits within the first <paramref name="within"/> characters.</summary>
    public static IEnumerable<Range> FindWords(string text, int within)
    {
        var start = -1;
        var end = Math.Min(text.Length, within);
        for (var at = 0; at < end;)
        {
            // A lone surrogate decodes to U+FFFD, which is a separator.
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (IsTermRune(rune, inside: start >= 0))
            {
                if (start < 0)
                {
                    start = at;
                }
            }
            else if (start >= 0)
            {
                yield return start..at;
                start = -1;
            }

            at += length;
        }

        if (start >= 0)
        {
            yield return start..end;
        }
    }

    // Marks belong to the letter before them. If FTS5 does not fold a mark, the term becomes a phrase of its parts.
    private static bool IsTermRune(Rune rune, bool inside) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => inside,
        UnicodeCategory.PrivateUse => true,
        _ => Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune),
    };
}
