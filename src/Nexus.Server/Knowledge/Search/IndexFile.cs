using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The SQLite file of one search index: how it is opened, and its schema. The file is a projection, so any problem with it is
/// solved by building it again.
/// </summary>
internal static class IndexFile
{
    /// <summary>Increase with every change of the schema or tokenizer. Files of another version are rebuilt.</summary>
    private const int SchemaVersion = 2;

    /// <summary>Statements that a connection keeps. About twenty are used again and again; the others differ in their filters.</summary>
    public const int MaxStatements = 64;

    // The tokenizer stems words and folds accents. FTS5's secure-delete removes deleted postings from the file instead of marking
    // them, and secure_delete (see Open) overwrites deleted rows.
    private const string Schema = """
        CREATE TABLE docs (
            doc        INTEGER PRIMARY KEY,
            card_id    TEXT NOT NULL UNIQUE,
            seq        INTEGER NOT NULL,
            card_type  TEXT NOT NULL,
            version    TEXT NOT NULL,
            title      TEXT,
            header     TEXT NOT NULL,
            created_at INTEGER NOT NULL);
        CREATE INDEX docs_newest ON docs (created_at DESC, card_id);
        CREATE TABLE filters (
            key   TEXT NOT NULL,
            value TEXT NOT NULL,
            doc   INTEGER NOT NULL,
            PRIMARY KEY (key, value, doc)) WITHOUT ROWID;
        CREATE VIRTUAL TABLE cards USING fts5(title, body, tokenize = 'porter unicode61 remove_diacritics 2');
        INSERT INTO cards(cards, rank) VALUES ('secure-delete', 1);
        CREATE TABLE progress (seq INTEGER NOT NULL, mark BLOB NOT NULL);
        INSERT INTO progress VALUES (-1, x'');
        """;

    /// <summary>Opens the writing connection. Creates the file if it is missing, damaged or of another version.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static PreparedConnection OpenWriter(string path)
    {
        EnsureFile(path);
        try
        {
            return OpenWritable(path);
        }
        catch (SqliteException failure) when (IsCorruption(failure))
        {
            Delete(path);
            EnsureFile(path);
            return OpenWritable(path);
        }
    }

    /// <summary>Opens a reading connection. The writer must be open.</summary>
    public static PreparedConnection OpenReader(string path) => Open(path, "PRAGMA query_only=ON;");

    /// <summary>Returns whether the failure means that the file's content cannot be trusted.</summary>
    public static bool IsCorruption(SqliteException failure) => failure.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>
    /// Creates the exception for a file that follows another log. It is treated as corruption, because none of the content can be
    /// trusted.
    /// </summary>
    public static SqliteException CreateForeignLogException() => new("The index follows another log.", NotADatabase);

    /// <summary>Returns whether the failure is caused by the disk or the file and not by a wrong statement.</summary>
    public static bool IsStorageFailure(Exception failure) =>
        failure is IOException or UnauthorizedAccessException
            or SqliteException { SqliteErrorCode: 3 or 5 or 6 or 7 or 8 or 10 or Corrupt or 13 or 14 or 15 or 22 or NotADatabase };

    /// <summary>Deletes the file. No connection may be open.</summary>
    public static void Delete(string path)
    {
        foreach (var suffix in (string[])["-wal", "-shm", ""])
        {
            File.Delete(path + suffix);
        }
    }

    private const int Corrupt = 11, NotADatabase = 26;

    private static PreparedConnection OpenWritable(string path)
    {
        // NORMAL: after a power loss the file is in an earlier consistent state, and its position says which.
        var connection = Open(
            path,
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA journal_size_limit=67108864;");
        try
        {
            var version = (long)ExecuteScalar(connection, "PRAGMA user_version")!;
            if (version == 0 && ExecuteScalar(connection, "SELECT 1 FROM sqlite_schema") is null)
            {
                Execute(connection, $"BEGIN IMMEDIATE; {Schema} PRAGMA user_version={SchemaVersion}; COMMIT;");
            }
            else if (version != SchemaVersion)
            {
                throw new SqliteException("The index has another schema.", NotADatabase);
            }

            ExecuteScalar(connection, "SELECT rowid FROM cards WHERE cards MATCH '\"a\"' LIMIT 1");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static PreparedConnection Open(string path, string pragmas)
    {
        var connection = new PreparedConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString(),
            MaxStatements);
        try
        {
            connection.Open();
            Execute(
                connection,
                "PRAGMA busy_timeout=5000; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA "
                + "temp_store=MEMORY;"
                    + pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Creates the file with its mode before SQLite opens it. SQLite gives the journal files the same mode.
    private static void EnsureFile(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (File.Exists(path))
        {
            return;
        }

        Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var created = new FileStream(path, options);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? ExecuteScalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
