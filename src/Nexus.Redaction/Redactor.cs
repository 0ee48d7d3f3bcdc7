namespace Nexus.Redaction;

/// <summary>Takes personal data out of what is about to be kept (docs/personal-data.md).</summary>
/// <param name="pseudonyms">Names what was taken out; null: nothing does.</param>
internal sealed class Redactor(Pseudonyms? pseudonyms)
{
    /// <summary>Begins a redaction of what one event of a tenant holds.</summary>
    public RedactionSession For(string tenantId) => new(pseudonyms, tenantId);

    /// <summary>Whether a text holds personal data.</summary>
    public static bool Finds(string text) => Glance.MayHold(text) && Scan.Of(text).Count > 0;
}
