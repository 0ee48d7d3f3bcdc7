using Nexus.Redaction.Context;

namespace Nexus.Redaction.Detectors.National;

/// <summary>US social security numbers: nine digits, 3-2-4, of issued ranges. Without hyphens they need a context word.</summary>
internal sealed class SsnDetector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan) => UsTaxpayerNumbers.Find(
        scan, PiiKind.Ssn, ContextKind.Ssn, hyphenatedScore: 0.75, static (area, group, serial) =>
            area is > 0 and < 900 and not 666 && group > 0 && serial > 0);
}
