using Microsoft.Extensions.Options;

namespace Nexus.Server.Platform.Storage;

/// <summary>The section <c>Nexus:Database</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary><c>sqlite</c> (a file in the data folder) or <c>postgres</c>.</summary>
    public string Engine { get; set; } = "sqlite";

    /// <summary>Npgsql's connection string; for <c>postgres</c> only.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether <see cref="Engine"/> is <c>postgres</c>. Asked where the store is opened, and nowhere else.</summary>
    public bool IsPostgres => Engine == "postgres";
}

/// <summary>Validates <see cref="DatabaseOptions"/>.</summary>
internal sealed class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.Engine is not ("sqlite" or "postgres"))
        {
            errors.AddError($"Nexus:Database:Engine must be sqlite or postgres, not '{options.Engine}'.");
        }

        if (options.IsPostgres && string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            errors.AddError("Nexus:Database:ConnectionString is required for postgres.");
        }

        return errors.Build();
    }
}
