namespace Nexus.Server.Platform.Http;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class Suggestions
{
    private const int MaxCharacters = 64;

    /// <summary>The allowed word nearest to a value by edit distance, or the one that it abbreviates; null where none is near.</summary>
    public static string? Nearest(string value, IEnumerable<string> allowed)
    {
        var given = Fold(value);
        if (given.Length is 0 or > MaxCharacters)
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

    /// <summary>Names are compared without case and separators, so <c>queryText</c> is near <c>query_text</c>.</summary>
    private static string Fold(string name) =>
        string.Concat(name.Where(character => character is not ('_' or '-' or ' '))).ToLowerInvariant();

    /// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    private static int GetDistance(string one, string other)
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
