namespace Nexus.Server.Audit.Transparency;

/// <summary>The section <c>Nexus:Log</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>Seconds between two looks at which logs grew and are to be signed.</summary>
    public int CheckpointEvery { get; set; } = 10;

    /// <summary>Where every published checkpoint is sent: full paths of files, http and https URLs.</summary>
    public IList<string> CheckpointSinks { get; set; } = [];

    /// <summary>Whether a sink's URL may lead to a private address.</summary>
    public bool AllowPrivateSinks { get; set; }

    /// <summary>Days that a key goes on signing beside the one that followed it.</summary>
    public int KeyOverlap { get; set; } = 30;

    /// <summary>Days after which what callers wrote into events is erased; null: never.</summary>
    public int? ContentRetention { get; set; }

    /// <summary>Whether a sink is a URL; else it is a path.</summary>
    public static bool IsUrl(string sink) =>
        sink.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || sink.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Every mistake at once, each naming its key.</summary>
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

        // The value is not repeated: a URL may hold a secret.
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
