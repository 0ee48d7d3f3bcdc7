namespace Nexus.Redaction;

/// <summary>Redacts personal data and secrets before something is stored (docs/personal-data.md). Safe for concurrent use.</summary>
/// <param name="pseudonyms">Makes the pseudonyms that placeholders carry; null for placeholders without one.</param>
public sealed class Redactor(Pseudonyms? pseudonyms)
{
    /// <summary>Starts a redaction that counts what it finds, for example in all parts of one event.</summary>
    /// <param name="tenantId">The tenant whose data it is. Pseudonyms differ between tenants.</param>
    public RedactionSession CreateSession(string tenantId) => new(pseudonyms, tenantId);

    /// <summary>Whether a text contains anything that would be redacted.</summary>
    public static bool ContainsPersonalData(string text) => PreFilter.MayMatch(text) && Scanner.Find(text).Count > 0;
}
