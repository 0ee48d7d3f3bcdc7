using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// A connection whose statements stay prepared between uses. Used by one thread at a time. There are three ways to a statement: the
/// commands that Dapper makes, the indexer for values by position, and <see cref="ExecutePrepared"/> for the writer's inserts.
/// </summary>
/// <param name="connectionString">What to open.</param>
/// <param name="maxCommands">How many prepared commands are kept at most.</param>
internal sealed class PreparedConnection(string connectionString, int maxCommands = 256) : SqliteConnection(connectionString)
{
    private static readonly object?[][] _oneEmptyRow = [[]];

    // These texts are constants, so their number has a bound of its own.
    private readonly Dictionary<string, PreparedStatement> _statements = new(StringComparer.Ordinal);

    private StatementCache? _commands;

    /// <summary>How many prepared commands are kept.</summary>
    public int CachedCommands => Commands.Count;

    private StatementCache Commands => _commands ??= new StatementCache(this, maxCommands);

    /// <inheritdoc cref="StatementCache.Bind" />
    public SqliteCommand this[string sql, params ReadOnlySpan<object?> values] => Commands.Bind(sql, values);

    /// <summary>Runs a statement without parameters.</summary>
    public void ExecutePrepared(string text) => ExecutePreparedMany(text, _oneEmptyRow);

    /// <summary>Runs a statement that returns nothing for each row, whose values are its <c>$1</c>, <c>$2</c> … in this order.</summary>
    public void ExecutePreparedMany(string text, IReadOnlyList<object?[]> rows)
    {
        if (!_statements.TryGetValue(text, out var statement))
        {
            statement = _statements[text] = new PreparedStatement(Handle!, text);
        }

        foreach (var row in rows)
        {
            statement.Execute(row);
        }
    }

    /// <inheritdoc />
    protected override DbCommand CreateDbCommand() => new RentedCommand(this, Commands);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _commands?.Clear();
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
        }

        base.Dispose(disposing);
    }
}
