using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// Ends the process where the disk failed below the database: the kernel may have dropped pages that it could not write and calls them
/// clean, so a second flush would succeed and prove nothing. What the file holds is only known after opening it anew.
/// </summary>
internal sealed partial class DiskGuard(ILoggerFactory logs, ILogger logger)
{
    /// <summary>Ends the process if the error says so. The loggers are disposed of first, so that the reason is written.</summary>
    public void FailFastIfUnsafe(Exception exception)
    {
        if (SqliteErrors.IsDiskUnreliable(exception) && exception is SqliteException failure)
        {
            LogDiskFailed(exception);
            logs.Dispose();
            Environment.FailFast(string.Create(
                CultureInfo.InvariantCulture,
                $"The disk failed below the database: {failure.Message} (extended code {failure.SqliteExtendedErrorCode})."));
        }
    }

    [LoggerMessage(
        LogLevel.Critical, "The disk failed below the database; the process ends so that nothing is acknowledged that may be lost")]
    private partial void LogDiskFailed(Exception exception);
}
