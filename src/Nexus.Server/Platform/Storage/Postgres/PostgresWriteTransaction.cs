using System.Data;
using Dapper;
using Npgsql;

namespace Nexus.Server.Platform.Storage.Postgres;

/// <summary>
/// A lane's transaction. Savepoints travel with the next statement, so a write costs the round trips of its own statements only.
/// </summary>
internal sealed class PostgresWriteTransaction : WriteTransaction
{
    private const string SetSavepoint = "savepoint w";
    private const string ReleaseSetSavepoint = "release savepoint w";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _inner;

    // Statements that wait to travel in front of the next one.
    private readonly List<string> _pending = [];
    private bool _savepointIsSet;

    // Whether all that was begun has been undone or committed; else something failed on the way.
    private bool _isCompleted;

    private PostgresWriteTransaction(NpgsqlConnection connection, NpgsqlTransaction inner) => (_connection, _inner) = (connection, inner);

    /// <summary>Opens a transaction that sees the scope and nothing else.</summary>
    public static async ValueTask<WriteTransaction> BeginAsync(NpgsqlDataSource source, Scope scope)
    {
        var connection = await source.OpenConnectionAsync();
        try
        {
            var transaction = new PostgresWriteTransaction(connection, await connection.BeginTransactionAsync());
            await connection.ExecuteAsync(PostgresSql.SetScope(scope), new { app_tenant = scope.TenantId });
            return transaction;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public override WriteSession CreateSession(Scope scope, IReadOnlyList<IBatchState> batchStates) =>
        new PostgresWriteSession(this, _connection, _inner, scope, batchStates);

    /// <summary>Takes the statements that must run before the next one.</summary>
    public IReadOnlyList<string> TakePending()
    {
        string[] pending = [.. _pending];
        _savepointIsSet |= pending.Length > 0;
        _pending.Clear();
        return pending;
    }

    /// <summary>A statement with those that must run before it, as one text.</summary>
    public string PrependPending(string sql) => _pending.Count == 0 ? sql : string.Join("; ", [.. TakePending(), sql]);

    /// <inheritdoc />
    public override bool IsFatal(Exception exception) => _connection.FullState != ConnectionState.Open;

    /// <inheritdoc />
    public override bool IsTransient(Exception exception) => PostgresErrors.IsTransient(exception);

    /// <inheritdoc />
    public override void CreateSavepoint()
    {
        (_savepointIsSet, _isCompleted) = (false, false);
        _pending.Add(SetSavepoint);
    }

    /// <inheritdoc />
    public override void ReleaseSavepoint()
    {
        // A write without statements has set none.
        _pending.Clear();
        if (_savepointIsSet)
        {
            _pending.Add(ReleaseSetSavepoint);
        }
    }

    /// <inheritdoc />
    public override async ValueTask RollbackToSavepointAsync()
    {
        if (_savepointIsSet)
        {
            await _connection.ExecuteAsync("rollback to savepoint w", transaction: _inner);
        }

        _isCompleted = true;
        ReleaseSavepoint();
    }

    /// <inheritdoc />
    public override void ResetAfterFailure(Exception cause)
    {
        if (cause is NpgsqlException)
        {
            PostgresErrors.UnprepareStatements(_connection);
        }
    }

    /// <inheritdoc />
    public override async ValueTask CommitAsync()
    {
        await _inner.CommitAsync();
        _isCompleted = true;
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        if (!_isCompleted)
        {
            PostgresErrors.UnprepareStatements(_connection);
        }

        await _connection.DisposeAsync();
    }
}
