namespace Nexus.Redaction;

/// <summary>United States social security numbers: 3-2-4 digits of ranges that are given out. Without hyphens they need a word of their subject.</summary>
internal sealed class SsnDetector : IDetector
{
    /// <inheritdoc />
    public void Find(Scan scan) => UsNumbers.Find(scan, PiiKind.Ssn, Topic.Ssn, 0.75, static (area, group, serial) => area is > 0 and < 900 and not 666 && group > 0 && serial > 0);
}
