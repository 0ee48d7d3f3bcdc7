using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Nexus.Server.Platform.Storage.Sqlite;

/// <summary>
/// A handle on a cached command while it is used: Dapper makes a new command each time. The text is set before anything else.
/// </summary>
internal sealed class RentedCommand(SqliteConnection connection, StatementCache cache) : DbCommand
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

            _command = cache.Rent(value ?? "");
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

    private SqliteCommand Command => _command ?? throw new InvalidOperationException("Set the command text first.");

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
            cache.Return(_command);
        }

        _command = null;
    }
}
