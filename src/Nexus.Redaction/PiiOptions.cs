namespace Nexus.Redaction;

/// <summary>Settings of redaction, bound from the section <c>Nexus:Pii</c>.</summary>
public sealed class PiiOptions
{
    /// <summary>
    /// Whether placeholders carry a pseudonym, such as <c>[EMAIL:3f9a]</c>, which is the same for the same value within a tenant.
    /// </summary>
    public bool Pseudonyms { get; set; }
}
