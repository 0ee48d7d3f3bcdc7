namespace Nexus.Redaction;

/// <summary>United States individual taxpayer numbers: formed like social security numbers, from 900 up, with groups of their own.</summary>
internal sealed class ItinDetector : IDetector
{
    /// <inheritdoc />
    public void Find(Scan scan) => UsNumbers.Find(scan, PiiKind.Itin, Topic.Itin | Topic.Ssn, 0.7, static (area, group, _) =>
        area >= 900 && group is >= 50 and <= 65 or >= 70 and <= 88 or >= 90 and <= 92 or >= 94 and <= 99);
}
