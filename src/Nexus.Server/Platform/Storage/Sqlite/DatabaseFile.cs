using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>The database's file in the data folder, and how it is opened. Settings and their reasons: docs/security.md.</summary>
internal static class DatabaseFile
{
    /// <summary>Its name.</summary>
    public const string Name = "nexus.db";

    /// <summary>How long a connection waits for another's lock, in milliseconds.</summary>
    public const int BusyTimeout = 5000;

    /// <summary>Opens a connection that reads. The writer must have been opened before.</summary>
    public static PreparedConnection OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly, "pragma query_only=ON;");

    /// <summary>
    /// Opens the one connection that writes, making the file at need. Checkpoints are run by <see cref="WalCheckpointer"/>.
    /// </summary>
    public static PreparedConnection OpenWriter(string path) =>
        Open(path, SqliteOpenMode.ReadWriteCreate, "pragma journal_mode=WAL; pragma wal_autocheckpoint=0;");

    private static PreparedConnection Open(string path, SqliteOpenMode mode, string pragmas)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        var connection = new PreparedConnection(settings.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                $"""
                pragma busy_timeout={BusyTimeout}; pragma synchronous=FULL; pragma foreign_keys=ON; pragma recursive_triggers=ON;
                pragma trusted_schema=OFF; pragma cell_size_check=ON; pragma secure_delete=ON;
                pragma mmap_size=0; pragma journal_size_limit=67108864; pragma cache_size=-16000;
                {pragmas}
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
