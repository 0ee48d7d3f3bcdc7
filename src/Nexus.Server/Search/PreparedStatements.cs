using Microsoft.Data.Sqlite;

namespace Nexus.Server.Search;

/// <summary>A connection with its prepared statements, kept by their text. Used by one thread at a time.</summary>
internal sealed class PreparedStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>The statement with <c>$0</c>, <c>$1</c>, … bound to the values. The text must be one of few: it is kept.</summary>
    public SqliteCommand this[string sql, params ReadOnlySpan<object?> values]
    {
        get
        {
            if (!_prepared.TryGetValue(sql, out var command))
            {
                command = connection.CreateCommand();
                command.CommandText = sql;
                for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
                command.Prepare();
                return _prepared[sql] = command;
            }

            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
            return command;
        }
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        connection.Dispose();
    }
}
