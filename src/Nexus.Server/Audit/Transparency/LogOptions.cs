namespace Nexus.Server.Audit.Transparency;

/// <summary>The section <c>Nexus:Log</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>The interval in seconds at which logs that have grown are signed.</summary>
    public int CheckpointEvery { get; set; } = 10;

    /// <summary>Where every published checkpoint is sent: absolute file paths, or http and https URLs.</summary>
    public IList<string> CheckpointSinks { get; set; } = [];

    /// <summary>Whether a sink's URL may resolve to a private address.</summary>
    public bool AllowPrivateSinks { get; set; }

    /// <summary>The number of days a key keeps signing after the rotation to the next one.</summary>
    public int KeyOverlap { get; set; } = 30;

    /// <summary>The number of days after which the content of events is erased; null for never.</summary>
    public int? ContentRetention { get; set; }

    /// <summary>Returns whether a sink is a URL. Otherwise it is a path.</summary>
    public static bool IsUrl(string sink) =>
        sink.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || sink.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns all validation errors, each naming its key.</summary>
    public IEnumerable<string> Validate()
    {
        if (CheckpointEvery is < 1 or > 86_400)
        {
            yield return "Nexus:Log:CheckpointEvery must be between 1 and 86400 seconds.";
        }

        if (KeyOverlap is < 0 or > 3_650)
        {
            yield return "Nexus:Log:KeyOverlap must be between 0 and 3650 days.";
        }

        if (ContentRetention is < 1 or > 36_500)
        {
            yield return "Nexus:Log:ContentRetention must be between 1 and 36500 days.";
        }

        // The message does not repeat the value: a URL may contain a secret.
        for (var i = 0; i < CheckpointSinks.Count; i++)
        {
            var sink = CheckpointSinks[i];
            if (IsUrl(sink) ? !Uri.TryCreate(sink, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 : !Path.IsPathFullyQualified(sink))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Nexus:Log:CheckpointSinks:{i} must be the full path of a file, or an http or https URL without a user.");
            }
        }
    }
}
