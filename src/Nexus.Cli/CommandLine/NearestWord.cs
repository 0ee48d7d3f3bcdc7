namespace Nexus.Cli.CommandLine;

/// <summary>Suggests a known word for a mistyped one.</summary>
internal static class NearestWord
{
    /// <summary>Returns the known word with the fewest edits, or null if none is close.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        var nearest = known.Select(candidate => (Word: candidate, Distance: GetDistance(word, candidate))).MinBy(pair => pair.Distance);
        return nearest.Distance <= Math.Max(1, word.Trim('-').Length / 3) ? nearest.Word : null;
    }

    /// <summary>Edits from one word to the other: insert, delete or replace a character, or swap two neighbours.</summary>
    private static int GetDistance(string from, string to)
    {
        var edits = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                edits[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1,
                        edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
                }
            }
        }

        return edits[from.Length, to.Length];
    }
}
