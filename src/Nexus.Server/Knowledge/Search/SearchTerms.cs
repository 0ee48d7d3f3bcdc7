using System.Text;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The terms of a query: the runs of letters and digits that FTS5's unicode61 tokenizer would find, so that nothing a
/// caller writes can reach FTS5 as syntax.
/// </summary>
internal static class SearchTerms
{
    /// <summary>Later distinct terms are left out: each costs a walk of its postings.</summary>
    public const int Most = 64;

    /// <summary>Distinct terms in the order they came, without stop words unless there is nothing else.</summary>
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
            else if (stopWords.Count < Most)
            {
                stopWords.Add(term);
            }

            if (terms.Count == Most)
            {
                break;
            }
        }

        return terms.Count > 0 ? terms : stopWords;
    }

    /// <summary>The FTS5 expression that finds any of the terms.</summary>
    public static string ToMatchExpression(IReadOnlyList<string> terms) => string.Join(" OR ", terms.Select(Quote));

    /// <summary>A term as an FTS5 string. Terms hold no quotation mark.</summary>
    public static string Quote(string term) => $"\"{term}\"";

    /// <summary>Where the runs of letters and digits are, within the first so many characters.</summary>
    public static IEnumerable<Range> FindWords(string text, int within)
    {
        var start = -1;
        var end = Math.Min(text.Length, within);
        for (var at = 0; at < end;)
        {
            // A lone surrogate decodes to U+FFFD, which separates.
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

    // Marks stay with the letter before them: those FTS5 does not fold make the term a phrase of its parts.
    private static bool IsTermRune(Rune rune, bool inside) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => inside,
        UnicodeCategory.PrivateUse => true,
        _ => Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune),
    };
}
