using Nexus.Redaction.Context;
using Nexus.Redaction.Detectors;
using Nexus.Redaction.Text;

namespace Nexus.Redaction;

/// <summary>Runs every registered detector over a text and merges what they find.</summary>
internal static class Scanner
{
    /// <summary>Finds the personal data in a text.</summary>
    /// <param name="text">The original text; it is normalized here.</param>
    /// <param name="name">The JSON property that holds the text, if there is one.</param>
    /// <returns>Spans of the original text, sorted and without overlaps.</returns>
    public static List<Finding> Find(string text, JsonPropertyName name = default)
    {
        var normalized = NormalizedText.From(text);
        var scan = new TextScan(normalized, name);
        foreach (var detector in DetectorRegistry.All)
        {
            detector.Find(scan);
        }

        return Merge(scan.Findings, normalized);
    }

    /// <summary>
    /// Merges overlapping findings into one that covers them all, of the kind with the highest score, so that everything that any
    /// detector saw is redacted. Maps the spans back to the original text.
    /// </summary>
    private static List<Finding> Merge(List<Finding> findings, NormalizedText normalized)
    {
        if (findings.Count == 0)
        {
            return findings;
        }

        findings.Sort(static (left, right) =>
            left.Start != right.Start ? left.Start.CompareTo(right.Start) : right.End.CompareTo(left.End));
        var merged = new List<Finding>(findings.Count);
        var current = findings[0];
        foreach (var next in findings)
        {
            if (next.Start >= current.End)
            {
                merged.Add(ToOriginal(current, normalized));
                current = next;
                continue;
            }

            var isSurer = next.Score > current.Score || (next.Score.Equals(current.Score) && next.Kind < current.Kind);
            current = (isSurer ? next : current) with { Start = current.Start, End = Math.Max(current.End, next.End) };
        }

        merged.Add(ToOriginal(current, normalized));
        return merged;
    }

    private static Finding ToOriginal(Finding finding, NormalizedText normalized)
    {
        var (start, end) = normalized.ToOriginal(finding.Start, finding.End);
        return finding with { Start = start, End = end };
    }
}
