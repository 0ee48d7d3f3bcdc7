using Microsoft.Extensions.Options;
using Nexus.Server.Identity.Accounts;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Setup;

/// <summary>The section <c>Nexus:Init</c>: the first user, created once in an empty database. Set all three or none.</summary>
internal sealed class InitOptions
{
    /// <summary>The first user's e-mail address.</summary>
    public string? Email { get; set; }

    /// <summary>The first user's password.</summary>
    public string? Password { get; set; }

    /// <summary>The first tenant. The user owns it and <c>t_system</c>.</summary>
    public string? Tenant { get; set; }

    /// <summary>Whether a first user is configured.</summary>
    public bool IsSet => Email is not null;
}

/// <summary>Validates <see cref="InitOptions"/>.</summary>
internal sealed class InitOptionsValidator : IValidateOptions<InitOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, InitOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        var given = new[] { options.Email, options.Password, options.Tenant }.Count(value => value is not null);
        if (given is 1 or 2)
        {
            errors.AddError("Nexus:Init requires Email, Password and Tenant together.");
        }

        if (options.Email is not null && !Emails.IsValid(options.Email))
        {
            errors.AddError($"Nexus:Init:Email must be an e-mail address, not '{options.Email}'.");
        }

        if (options.Password is not null && PasswordService.Validate(options.Password) is { } mistake)
        {
            errors.AddError("Nexus:Init:Password: " + mistake);
        }

        if (options.Tenant is not null && !TenantId.IsValid(options.Tenant))
        {
            errors.AddError($"Nexus:Init:Tenant must be a tenant id such as t_acme, not '{options.Tenant}'.");
        }

        return errors.Build();
    }
}
