namespace Nexus.Redaction.Detectors;

/// <summary>
/// Finds one kind of personal data or secret: by format, then by checksum where the kind has one, then by the words around it, which
/// together make a score. A detector must take time linear in the length of any text: it may look at a position only a bounded number
/// of times.
/// </summary>
/// <remarks>
/// To add a detector:
/// <list type="number">
/// <item>Add its kind to <see cref="PiiKind"/>; placeholder and wire name follow from the name of the member.</item>
/// <item>Write the detector in the folder of its subject. Words that hint at it go to <c>ContextKind</c> and <c>ContextWords</c>.</item>
/// <item>Register it in <c>DetectorRegistry</c>. If a match may have fewer than four digits and no <c>@</c>, check <c>PreFilter</c>.</item>
/// <item>Test it in <c>tests/Nexus.Tests/Redaction</c>. Add an example to <c>PiiExamples</c> and slow inputs to <c>WorstTexts</c>.</item>
/// <item>Describe it in the table of <c>docs/personal-data.md</c>.</item>
/// </list>
/// </remarks>
internal interface IDetector
{
    /// <summary>Adds what it finds in the normalized text to the scan.</summary>
    void Find(TextScan scan);
}
