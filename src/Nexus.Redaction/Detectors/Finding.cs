using System.Runtime.InteropServices;

namespace Nexus.Redaction.Detectors;

/// <summary>A span of a text that holds personal data or a secret.</summary>
/// <param name="Kind">The kind of data.</param>
/// <param name="Start">The first character.</param>
/// <param name="End">The end, exclusive.</param>
/// <param name="Score">The detector's confidence, 0 to 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Finding(PiiKind Kind, int Start, int End, double Score)
{
    /// <summary>
    /// The score from which a finding is redacted. A distinctive format reaches it alone; a common one needs a checksum or a context
    /// word nearby.
    /// </summary>
    public const double MinScore = 0.5;
}
