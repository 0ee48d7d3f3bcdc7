using System.Diagnostics.CodeAnalysis;

namespace Nexus.Server.Knowledge.Cards;

/// <summary>
/// A card's text, split at its first separator: a line that contains only <c>---</c>. Later separators belong to the body.
/// </summary>
internal readonly record struct CardParts(string Yaml, int FirstLine, string Body)
{
    private const string Separator = "---";

    public static bool TrySplit(string text, out CardParts parts, [NotNullWhen(false)] out string? missing)
    {
        parts = default;
        missing = "Missing separator: put a line with only --- between the YAML header and the body.";
        var start = text.StartsWith('\ufeff') ? 1 : 0;
        if (!TryFindSeparator(text, start, out var end, out var next))
        {
            return false;
        }

        if (text.AsSpan(start, end - start).IsWhiteSpace()) // nothing before it: this separator opens front matter
        {
            start = next;
            missing = "Missing separator: end the front matter with a second line of only ---.";
            if (!TryFindSeparator(text, start, out end, out next))
            {
                return false;
            }
        }

        parts = new(text[start..end], 1 + text.AsSpan(0, start).Count('\n'), text[next..]);
        missing = null;
        return true;
    }

    // at is the start of the separator's line, next the start of the line after it.
    private static bool TryFindSeparator(string text, int from, out int at, out int next)
    {
        for (at = from; (at = text.IndexOf(Separator, at, StringComparison.Ordinal)) >= 0; at++)
        {
            next = at + Separator.Length;
            if (at > from && text[at - 1] != '\n')
            {
                continue;
            }

            next += next < text.Length && text[next] == '\r' ? 1 : 0;
            if (next == text.Length)
            {
                return true;
            }

            if (text[next] == '\n')
            {
                next++;
                return true;
            }
        }

        next = at;
        return false;
    }
}
