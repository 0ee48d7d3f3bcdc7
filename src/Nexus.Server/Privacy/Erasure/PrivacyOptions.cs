using Microsoft.Extensions.Options;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>The section <c>Nexus:Privacy</c>.</summary>
internal sealed class PrivacyOptions
{
    /// <summary>How many people must agree to an erasure, including the one who requests it: 1 or 2.</summary>
    public int ErasureApprovals { get; set; } = 1;
}

/// <summary>Validates <see cref="PrivacyOptions"/>.</summary>
internal sealed class PrivacyOptionsValidator : IValidateOptions<PrivacyOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, PrivacyOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.ErasureApprovals is not (1 or 2))
        {
            errors.AddError($"Nexus:Privacy:ErasureApprovals must be 1 or 2, not {options.ErasureApprovals}.");
        }

        return errors.Build();
    }
}
