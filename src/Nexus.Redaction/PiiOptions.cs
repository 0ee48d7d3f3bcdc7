namespace Nexus.Redaction;

/// <summary>The section <c>Nexus:Pii</c>.</summary>
internal sealed class PiiOptions
{
    /// <summary>Whether what is redacted leaves a pseudonym, <c>[EMAIL:3f9a]</c>, the same for the same value within a tenant.</summary>
    public bool Pseudonyms { get; set; }
}
