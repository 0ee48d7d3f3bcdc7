using Nexus.Redaction.Context;

namespace Nexus.Redaction.Detectors.National;

/// <summary>
/// US individual taxpayer identification numbers: the format of a social security number, with areas from 900 and their own groups.
/// </summary>
internal sealed class ItinDetector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan) => UsTaxpayerNumbers.Find(
        scan, PiiKind.Itin, ContextKind.Itin | ContextKind.Ssn, hyphenatedScore: 0.7, static (area, group, _) =>
        area >= 900 && group is >= 50 and <= 65 or >= 70 and <= 88 or >= 90 and <= 92 or >= 94 and <= 99);
}
