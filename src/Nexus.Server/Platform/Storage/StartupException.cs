namespace Nexus.Server.Platform.Storage;

/// <summary>The service refuses to start, for a reason its operator can mend. The message is for them and holds no secret.</summary>
public sealed class StartupException(string message) : Exception(message)
{
    /// <summary>Whether the reason is that another process holds the data folder.</summary>
    public bool IsDataFolderInUse { get; init; }
}
