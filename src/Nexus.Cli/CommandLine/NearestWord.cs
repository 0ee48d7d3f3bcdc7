using Nexus.Server.Platform.Http;

namespace Nexus.Cli.CommandLine;

/// <summary>Suggests a known word for a mistyped one.</summary>
internal static class NearestWord
{
    /// <summary>Returns the known word with the fewest edits, or null if none is close.</summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        var nearest = known
            .Select(candidate => (Word: candidate, Distance: Suggestions.GetDistance(word, candidate)))
            .MinBy(pair => pair.Distance);
        return nearest.Distance <= Math.Max(1, word.Trim('-').Length / 3) ? nearest.Word : null;
    }
}
