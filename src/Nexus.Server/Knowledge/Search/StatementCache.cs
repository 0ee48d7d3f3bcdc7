using Microsoft.Data.Sqlite;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// A connection with its prepared statements, kept by their text. Used by one thread at a time, and a statement only until
/// the next is asked for.
/// </summary>
internal sealed class StatementCache(SqliteConnection connection) : IDisposable
{
    /// <summary>How many are kept at most. About twenty are used again and again; the others differ in their filters.</summary>
    public const int Most = 64;

    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>How many are kept.</summary>
    public int Count => _prepared.Count;

    /// <summary>The statement with <c>$0</c>, <c>$1</c>, … bound to the values.</summary>
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
