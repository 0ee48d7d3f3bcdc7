using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// A connection whose statements stay prepared between uses, kept by their text. Preparing costs more than running most of ours;
/// Dapper makes a new command each time, so what it gets here is a handle on a kept one. Used by one thread at a time.
/// </summary>
internal sealed class PreparedConnection(string connectionString) : SqliteConnection(connectionString)
{
    // Texts with an expanded list differ in their length; more than this many are rather prepared again.
    private const int MaxKept = 256;

    private static readonly object?[][] _oneEmptyRow = [[]];

    private readonly Dictionary<string, SqliteCommand> _commandCache = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PreparedStatement> _statements = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override DbCommand CreateDbCommand() => new RentedCommand(this);

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
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand RentCommand(string text)
    {
        if (_commandCache.Remove(text, out var command))
        {
            return command;
        }

        command = CreateCommand();
        command.CommandText = text;
        return command;
    }

    private void ReturnCommand(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (_commandCache.Count >= MaxKept || !_commandCache.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <summary>Borrows the kept command of a text while it is used; the text is set before anything else.</summary>
    private sealed class RentedCommand(PreparedConnection connection) : DbCommand
    {
        private SqliteCommand? _command;
        private DbTransaction? _transaction;
        private bool _isRewritten;

        [AllowNull]
        public override string CommandText
        {
            get => _command?.CommandText ?? "";
            set
            {
                if (_command is not null)
                {
                    // Dapper writes the text anew when it spells out a list, and goes on adding to the parameters it has in hand:
                    // the command stays the same, and is not kept, since its text is that of this list's length.
                    _command.CommandText = value;
                    _isRewritten = true;
                    return;
                }

                _command = connection.RentCommand(value ?? "");
                _command.Transaction = (SqliteTransaction?)_transaction;
            }
        }

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType
        {
            get => CommandType.Text;
            set => ArgumentOutOfRangeException.ThrowIfNotEqual(value, CommandType.Text);
        }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection
        {
            get => connection;
            set => throw new NotSupportedException();
        }

        protected override DbParameterCollection DbParameterCollection => Command.Parameters;

        protected override DbTransaction? DbTransaction
        {
            get => _transaction;
            set
            {
                _transaction = value;
                if (_command is not null)
                {
                    _command.Transaction = (SqliteTransaction?)value;
                }
            }
        }

        private SqliteCommand Command => _command ?? throw new InvalidOperationException("A command begins with its text.");

        public override void Cancel()
        {
        }

        public override int ExecuteNonQuery() => Command.ExecuteNonQuery();

        public override object? ExecuteScalar() => Command.ExecuteScalar();

        public override void Prepare() => Command.Prepare();

        protected override DbParameter CreateDbParameter() => new SqliteParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Command.ExecuteReader(behavior);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                ReturnToCache();
            }

            base.Dispose(disposing);
        }

        private void ReturnToCache()
        {
            if (_isRewritten)
            {
                _command?.Dispose();
            }
            else if (_command is not null)
            {
                connection.ReturnCommand(_command);
            }

            _command = null;
        }
    }
}
