namespace Nexus.Server.Identity.Accounts;

/// <summary>
/// E-mail addresses as account names. Addresses that differ only in case are the same account. Nothing else is normalized,
/// because equivalence beyond that is defined by each mail server.
/// </summary>
internal static class Emails
{
    /// <summary>The maximum length of an address.</summary>
    public const int MaxCharacters = 254;

    /// <summary>Returns the form of an address used for comparison and rate limits.</summary>
    public static string Normalize(string email) => email.Trim().ToLowerInvariant();

    /// <summary>
    /// Returns whether the text looks like an address: one <c>@</c> with 1 to 64 characters before it and a host after it, at
    /// most 254 characters, no white space or control characters.
    /// </summary>
    public static bool IsValid(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return email.Length <= MaxCharacters
            && at is > 0 and <= 64
            && at == email.LastIndexOf('@')
            && at < email.Length - 1
            && email[^1] != '.' && email[at + 1] != '.'
            && !email.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || c is '<' or '>' or ',');
    }
}
