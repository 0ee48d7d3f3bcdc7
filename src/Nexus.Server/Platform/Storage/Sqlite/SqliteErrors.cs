using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>What an error of SQLite says about the store.</summary>
internal static class SqliteErrors
{
    /// <summary>Whether the statement or its values are wrong, and the store is well.</summary>
    public static bool IsStatementFault(SqliteException exception) =>
        exception.SqliteErrorCode is SQLITE_ERROR or SQLITE_MISUSE or SQLITE_RANGE;

    /// <summary>Whether the cause passes: a full or read-only disk, another process's lock, too little memory.</summary>
    public static bool IsTransient(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: SQLITE_FULL or SQLITE_BUSY or SQLITE_READONLY or SQLITE_CANTOPEN or SQLITE_NOMEM
    };

    /// <summary>Whether the file cannot be believed or reached.</summary>
    public static bool IsFileFailure(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: SQLITE_IOERR or SQLITE_CORRUPT };

    /// <summary>
    /// Whether a flush failed, or anything else below the database but a write. A write that is refused (a full or read-only disk) is known
    /// not to have happened.
    /// </summary>
    public static bool IsDiskUnreliable(Exception exception)
    {
        const int RefusedWrite = SQLITE_IOERR | (3 << 8);
        return exception is SqliteException { SqliteErrorCode: SQLITE_IOERR, SqliteExtendedErrorCode: not RefusedWrite };
    }
}
