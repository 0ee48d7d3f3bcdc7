using Microsoft.Extensions.Options;

namespace Nexus.Server.Audit.Transparency;

/// <summary>The section <c>Nexus:Log</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>Seconds between two checks for logs that have grown and must be signed.</summary>
    public int CheckpointEvery { get; set; } = 10;

    /// <summary>Where every published checkpoint is sent: full file paths, http and https URLs.</summary>
    public IList<string> CheckpointSinks { get; set; } = [];

    /// <summary>Whether a sink's URL may resolve to a private address.</summary>
    public bool AllowPrivateSinks { get; set; }

    /// <summary>Days for which a replaced signing key continues to sign alongside its successor.</summary>
    public int KeyOverlap { get; set; } = 30;

    /// <summary>Days after which the content that callers wrote into events is erased. Null: never.</summary>
    public int? ContentRetention { get; set; }

    /// <summary>Whether a sink is a URL rather than a file path.</summary>
    public static bool IsUrl(string sink) =>
        sink.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || sink.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Validates <see cref="LogOptions"/>.</summary>
internal sealed class LogOptionsValidator : IValidateOptions<LogOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, LogOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.CheckpointEvery is < 1 or > 86_400)
        {
            errors.AddError($"Nexus:Log:CheckpointEvery must be 1 to 86400 seconds, not {options.CheckpointEvery}.");
        }

        if (options.KeyOverlap is < 0 or > 3_650)
        {
            errors.AddError($"Nexus:Log:KeyOverlap must be 0 to 3650 days, not {options.KeyOverlap}.");
        }

        if (options.ContentRetention is < 1 or > 36_500)
        {
            errors.AddError($"Nexus:Log:ContentRetention must be 1 to 36500 days, not {options.ContentRetention}.");
        }

        // The value is not repeated: a URL may contain a secret.
        for (var i = 0; i < options.CheckpointSinks.Count; i++)
        {
            if (!IsValidSink(options.CheckpointSinks[i]))
            {
                errors.AddError($"Nexus:Log:CheckpointSinks:{i} must be a full file path, or an http or https URL without a user name.");
            }
        }

        return errors.Build();
    }

    private static bool IsValidSink(string sink) => LogOptions.IsUrl(sink)
        ? Uri.TryCreate(sink, UriKind.Absolute, out var url) && url.UserInfo.Length == 0
        : Path.IsPathFullyQualified(sink);
}
