using Microsoft.Data.Sqlite;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// A connection with its prepared statements, cached by text. Used by one thread at a time. A statement is valid until the next
/// one is requested.
/// </summary>
internal sealed class StatementCache(SqliteConnection connection) : IDisposable
{
    /// <summary>The maximum number of cached statements. About twenty are used repeatedly; the others differ in their filters.</summary>
    public const int Most = 64;

    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>The number of cached statements.</summary>
    public int Count => _prepared.Count;

    /// <summary>Returns the statement with <c>$0</c>, <c>$1</c>, … bound to the values.</summary>
    public SqliteCommand this[string sql, params ReadOnlySpan<object?> values]
    {
        get
        {
            if (!_prepared.TryGetValue(sql, out var command))
            {
                if (_prepared.Count == Most)
                {
                    Clear();
                }

                command = connection.CreateCommand();
                command.CommandText = sql;
                for (var i = 0; i < values.Length; i++)
                {
                    command.Parameters.AddWithValue($"${i}", values[i] ?? DBNull.Value);
                }

                command.Prepare();
                return _prepared[sql] = command;
            }

            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }

            return command;
        }
    }

    public void Dispose()
    {
        Clear();
        connection.Dispose();
    }

    private void Clear()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
    }
}
