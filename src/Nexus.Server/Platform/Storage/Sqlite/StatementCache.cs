using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// A connection's prepared commands, kept by their text: preparing costs more than running most of ours. Used by one thread at a time.
/// Texts that are put together (filters, expanded lists) would grow it without end, so it starts anew when it is full; the few that are
/// used all the time are soon back.
/// </summary>
internal sealed class StatementCache(SqliteConnection connection, int maxCount)
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>How many are kept.</summary>
    public int Count => _commands.Count;

    /// <summary>A command without parameters, the caller's own until it comes back through <see cref="Return"/> or is disposed.</summary>
    public SqliteCommand Rent(string sql)
    {
        if (_commands.Remove(sql, out var command))
        {
            command.Parameters.Clear();
            return command;
        }

        command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>Keeps a command for its next use, without its values.</summary>
    public void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (_commands.ContainsKey(command.CommandText))
        {
            command.Dispose();
            return;
        }

        Keep(command);
    }

    /// <summary>
    /// The command with <c>$0</c>, <c>$1</c> … bound to the values. It stays in the cache: the caller uses it until it asks for the next.
    /// </summary>
    public SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        var isKept = _commands.TryGetValue(sql, out var command);
        if (!isKept)
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
        }

        var parameters = command!.Parameters;
        for (var i = 0; i < values.Length; i++)
        {
            if (i < parameters.Count)
            {
                parameters[i].Value = values[i] ?? DBNull.Value;
            }
            else
            {
                parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), values[i] ?? DBNull.Value);
            }
        }

        if (!isKept)
        {
            command.Prepare();
            Keep(command);
        }

        return command;
    }

    /// <summary>Disposes of what is kept.</summary>
    public void Clear()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _commands.Clear();
    }

    private void Keep(SqliteCommand command)
    {
        if (_commands.Count >= maxCount)
        {
            Clear();
        }

        _commands.Add(command.CommandText, command);
    }
}
