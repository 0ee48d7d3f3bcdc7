namespace Nexus.Server.Platform.Tenancy;

/// <summary>The form of tenant ids: <c>\At_[a-z0-9_-]{1,62}\z</c>, compared ordinally.</summary>
internal static class TenantId
{
    /// <summary>Tenant-0: the platform's own tenant, which exists from the start.</summary>
    public const string System = "t_system";

    /// <summary>Whether the text has the form of a tenant id. Says nothing about whether such a tenant exists.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is < 3 or > 64 || text is not ['t', '_', ..])
        {
            return false;
        }

        foreach (var c in text[2..])
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
