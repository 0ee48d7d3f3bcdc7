using System.Text;

namespace Nexus.Server.Platform.Http;

/// <summary>Answers to a word that is not one of a closed set: what it was, what is allowed, and what was probably meant.</summary>
internal static class Suggestions
{
    /// <summary>How many characters of a caller's value an answer repeats.</summary>
    public const int MaxQuoted = 64;

    /// <summary>Larger sets are not listed.</summary>
    private const int MaxListed = 16;

    /// <summary>Where one word was probably meant, only a very short set is listed too.</summary>
    private const int MaxListedBesideNearest = 4;

    /// <summary>Says that a word is unknown, offers the nearest one, and lists a short set.</summary>
    /// <param name="kind">What the word should have been, such as <c>op</c>.</param>
    /// <param name="value">The word; null for none.</param>
    /// <param name="allowed">The set.</param>
    /// <param name="hint">Where to find the whole set, as a sentence; null: a short set is listed.</param>
    /// <param name="shown">What is shown for the word, such as the path of a field; null: the word.</param>
    public static string Unknown(string kind, string? value, IEnumerable<string> allowed, string? hint = null, string? shown = null)
    {
        var all = allowed as IReadOnlyCollection<string> ?? [.. allowed];
        var text = new StringBuilder(value is null ? $"Missing {kind}." : $"Unknown {kind} {Quote(shown ?? value)}.");
        var nearest = value is null ? null : Nearest(value, all);
        if (nearest is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $" Did you mean `{nearest}`?");
        }

        if (hint is not null)
        {
            text.Append(' ').Append(hint);
        }
        else if (all.Count > 0 && all.Count <= (nearest is null ? MaxListed : MaxListedBesideNearest))
        {
            text.Append(" Allowed: ").AppendJoin(", ", all).Append('.');
        }

        return text.ToString();
    }

    /// <summary>The allowed word nearest to a value by edit distance, or the one that it abbreviates; null where none is near.</summary>
    public static string? Nearest(string value, IEnumerable<string> allowed)
    {
        var given = Fold(value);
        if (given.Length is 0 or > MaxQuoted)
        {
            return null;
        }

        var (nearest, least) = ((string?)null, int.MaxValue);
        foreach (var word in allowed)
        {
            var folded = Fold(word);
            var distance = GetDistance(given, folded);
            var isNear = distance <= Math.Max(1, Math.Min(given.Length, folded.Length) / 3)
                || (given.Length >= 3 && folded.Length >= 3
                    && (folded.StartsWith(given, StringComparison.Ordinal) || given.StartsWith(folded, StringComparison.Ordinal)));
            if (isNear && distance < least)
            {
                (nearest, least) = (word, distance);
            }
        }

        return nearest;
    }

    /// <summary>
    /// A caller's value in backticks: at most <see cref="MaxQuoted"/> characters, none of them a control character or a backtick.
    /// </summary>
    public static string Quote(string value)
    {
        var end = Math.Min(value.Length, MaxQuoted);
        end = end < value.Length && char.IsHighSurrogate(value[end - 1]) ? end - 1 : end;
        var text = new StringBuilder("`", end + 3);
        foreach (var character in value.AsSpan(0, end))
        {
            text.Append(char.IsControl(character) || character == '`' ? '?' : character);
        }

        return text.Append(end < value.Length ? "…`" : "`").ToString();
    }

    /// <summary>Names are compared without case and separators, so <c>queryText</c> is near <c>query_text</c>.</summary>
    private static string Fold(string name) =>
        string.Concat(name.Where(character => character is not ('_' or '-' or ' '))).ToLowerInvariant();

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    public static int GetDistance(string one, string other)
    {
        var distances = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var cost = one[i - 1] == other[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1, distances[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    best = Math.Min(best, distances[i - 2, j - 2] + 1);
                }

                distances[i, j] = best;
            }
        }

        return distances[one.Length, other.Length];
    }
}
