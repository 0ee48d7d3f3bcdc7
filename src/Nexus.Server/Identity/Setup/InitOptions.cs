using Nexus.Server.Identity.Accounts;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Setup;

/// <summary>The section <c>Nexus:Init</c>: a first user, created once on an empty database. Set all three values or none.</summary>
internal sealed class InitOptions
{
    /// <summary>The first user's address.</summary>
    public string? Email { get; set; }

    /// <summary>The first user's password.</summary>
    public string? Password { get; set; }

    /// <summary>The first tenant. The user owns it and <c>t_system</c>.</summary>
    public string? Tenant { get; set; }

    /// <summary>Whether a first user is configured.</summary>
    public bool IsSet => Email is not null;

    /// <summary>Returns all validation errors, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        var given = new[] { Email, Password, Tenant }.Count(value => value is not null);
        if (given is 1 or 2)
        {
            yield return "Nexus:Init needs Email, Password and Tenant together.";
        }

        if (Email is not null && !Emails.IsValid(Email))
        {
            yield return "Nexus:Init:Email is no e-mail address.";
        }

        if (Password is not null && Nexus.Server.Identity.Accounts.PasswordService.Validate(Password) is { } mistake)
        {
            yield return "Nexus:Init:Password: " + mistake;
        }

        if (Tenant is not null && !TenantId.IsValid(Tenant))
        {
            yield return "Nexus:Init:Tenant must be like t_acme.";
        }
    }
}
