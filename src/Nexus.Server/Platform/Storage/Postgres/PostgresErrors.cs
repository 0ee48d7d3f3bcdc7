using System.Data;
using System.Net.Sockets;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>What an error of PostgreSQL or its driver says, and what to do after one.</summary>
internal static class PostgresErrors
{
    /// <summary>
    /// Whether an error is the server's state and not the statement's: by its class the connection, a conflict, too little of something
    /// (a full disk), an operator, the system (an I/O error) or the server itself; or it is read-only, or a lock was waited for too long.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception
        is NpgsqlException { IsTransient: true }
        or NpgsqlException { InnerException: TimeoutException or IOException or SocketException }
        or PostgresException
        {
            SqlState: "25006" or "55P03" or ['0', '8', ..] or ['4', '0', ..] or ['5', '3' or '7' or '8', ..] or ['X', 'X', ..]
        };

    /// <summary>
    /// Makes the driver prepare its statements anew. One that fails while it is bound for the first time (a value refused, a wait for a
    /// lock given up) stays known to the driver as prepared but without its columns, and would read nothing from then on.
    /// </summary>
    public static void UnprepareStatements(NpgsqlConnection connection)
    {
        if (connection.FullState.HasFlag(ConnectionState.Open))
        {
            connection.UnprepareAll();
        }
    }
}
