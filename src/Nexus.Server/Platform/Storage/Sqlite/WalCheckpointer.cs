using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database once it is long. SQLite's own checkpoints after a commit keep their failures to
/// themselves, a failed flush too, so they are switched off and run here, after the callers have their answers.
/// </summary>
internal sealed class WalCheckpointer(SqliteConnection writer)
{
    // Pages of 4 KB: about 16 MB. SQLite's own 1,000 copied the pages that every append touches, and flushed twice, several times as often.
    private const int ThresholdPages = 4000;

    private int _pagesUntilNext = ThresholdPages;

    /// <summary>Runs one where the log has become long. What readers still need is left for the next.</summary>
    /// <exception cref="SqliteException">It failed. The log is whole: nothing is lost.</exception>
    public void RunIfNeeded()
    {
        _ = SQLitePCL.raw.sqlite3_db_status(writer.Handle, SQLitePCL.raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1);
        _pagesUntilNext -= written;
        if (_pagesUntilNext > 0)
        {
            return;
        }

        // A log that stays long is tried again after every batch, so that one of the next begins at its start.
        _pagesUntilNext = 0;
        Run(writer, SQLitePCL.raw.SQLITE_CHECKPOINT_PASSIVE, out var frames);
        if (frames < ThresholdPages)
        {
            _pagesUntilNext = ThresholdPages - frames;
        }
    }

    /// <summary>
    /// Copies all of it and begins the log anew, before anybody else is there. A process that ended with a failed flush may have left
    /// pages that the kernel shows and the disk does not have; copied and flushed they are on it, and nothing is written behind them.
    /// </summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public static void RunAtStartup(SqliteConnection writer) => Run(writer, SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE, out _);

    /// <summary>Copies all of it and cuts the log to nothing, so that no page of before is left in its file.</summary>
    /// <param name="busyTimeout">
    /// How long the connection waits for others' locks otherwise, in milliseconds. For readers it waits less here, since all writes wait
    /// too.
    /// </param>
    /// <returns>False where a reader still needs it.</returns>
    /// <exception cref="SqliteException">It failed. The log is whole: nothing is lost.</exception>
    public bool TryTruncate(int busyTimeout)
    {
        const int ShortReads = 250;
        _ = SQLitePCL.raw.sqlite3_busy_timeout(writer.Handle, ShortReads);
        try
        {
            return Run(writer, SQLitePCL.raw.SQLITE_CHECKPOINT_TRUNCATE, out _);
        }
        finally
        {
            _ = SQLitePCL.raw.sqlite3_busy_timeout(writer.Handle, busyTimeout);
        }
    }

    private static bool Run(SqliteConnection writer, int mode, out int frames)
    {
        var result = SQLitePCL.raw.sqlite3_wal_checkpoint_v2(writer.Handle, "main", mode, out frames, out _);
        if (result is not (SQLitePCL.raw.SQLITE_OK or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED))
        {
            SqliteException.ThrowExceptionForRC(result, writer.Handle);
        }

        return result == SQLitePCL.raw.SQLITE_OK;
    }
}
