namespace Nexus.Redaction;

/// <summary>
/// Finds one kind of personal data: a shape, then a checksum where the kind has one, then words around it, which together make a
/// score. Looks at each place of a text a bounded number of times, so that a text of any kind costs time in proportion to its length.
/// </summary>
internal interface IDetector
{
    /// <summary>Adds what it finds in the normalised text.</summary>
    void Find(Scan scan);
}
