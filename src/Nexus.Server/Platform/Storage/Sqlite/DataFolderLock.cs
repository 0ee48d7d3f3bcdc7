namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>Keeps a second process out of a data folder: two that write or checkpoint at once could damage the database.</summary>
internal static class DataFolderLock
{
    /// <summary>Takes the lock. It is held until the result is disposed or the process ends.</summary>
    /// <exception cref="StartupException">Another process has it, or the folder cannot be written.</exception>
    public static FileStream Acquire(string folder)
    {
        // The error code of a held lock on Linux, macOS and Windows.
        const int Linux = 11, MacOS = 35, Windows = unchecked((int)0x80070020);
        try
        {
            return new FileStream(Path.Combine(folder, "nexus.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is Linux or MacOS or Windows)
        {
            throw new StartupException(
                $"Another Nexus process is using the data folder '{folder}'. One folder takes one process; for several, use PostgreSQL.")
            {
                IsDataFolderInUse = true,
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder '{folder}' cannot be written: {exception.Message}");
        }
    }
}
