namespace Nexus.Server.Identity.Accounts;

/// <summary>
/// E-mail addresses as names of accounts. Two spellings that differ in case are one account; nothing else is folded,
/// since what a mail server holds equal is its own affair.
/// </summary>
internal static class Emails
{
    /// <summary>The longest address.</summary>
    public const int MaxCharacters = 254;

    /// <summary>The spelling that is compared and counted by.</summary>
    public static string Normalize(string email) => email.Trim().ToLowerInvariant();

    /// <summary>
    /// Whether the text could be an address: one <c>@</c> with something before and a dotted or plain host after, at
    /// most 254 characters, none of them white space or a control character.
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
