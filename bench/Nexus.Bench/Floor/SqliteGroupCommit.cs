using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Nexus.Bench.Floor;

/// <summary>Takes whatever waits, inserts two rows for each, commits once, then answers all.</summary>
internal sealed class SqliteGroupCommit : IAsyncDisposable
{
    private readonly Channel<Pending> _waiting = Channel.CreateUnbounded<Pending>(new() { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Task _loop;

    public SqliteGroupCommit(SqliteConnection connection)
    {
        _connection = connection;
        _loop = Task.Factory.StartNew(
            CommitLoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public Task WriteAsync(string id, string text)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite(new Pending(id, text, done));
        return done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        await _connection.DisposeAsync();
    }

    private async Task CommitLoopAsync()
    {
        using var row = Insert("INSERT INTO rows VALUES (@id, @text, @now)");
        using var @event = Insert("INSERT INTO events VALUES (@id, @text, @now)");
        var batch = new List<Pending>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (_waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            using (var transaction = _connection.BeginTransaction())
            {
                foreach (var pending in batch)
                {
                    Run(row, transaction, pending.Id, pending.Text);
                    Run(@event, transaction, Guid.CreateVersion7().ToString(), pending.Id);
                }

                transaction.Commit();
            }

            foreach (var pending in batch)
            {
                pending.Done.SetResult();
            }

            batch.Clear();
        }
    }

    private SqliteCommand Insert(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add("@id", SqliteType.Text);
        command.Parameters.Add("@text", SqliteType.Text);
        command.Parameters.Add("@now", SqliteType.Integer);
        command.Prepare();
        return command;
    }

    private static void Run(SqliteCommand command, SqliteTransaction transaction, string id, string text)
    {
        command.Transaction = transaction;
        command.Parameters[0].Value = id;
        command.Parameters[1].Value = text;
        command.Parameters[2].Value = Clock.Microseconds();
        command.ExecuteNonQuery();
    }

    private sealed record Pending(string Id, string Text, TaskCompletionSource Done);
}
