using System.Threading.Channels;
using Dapper;
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
                    var now = Clock.Microseconds();
                    _connection.Execute(
                        "INSERT INTO rows VALUES (@Id, @Text, @now)", new { pending.Id, pending.Text, now }, transaction);
                    _connection.Execute(
                        "INSERT INTO events VALUES (@id, @row, @now)",
                        new { id = Guid.CreateVersion7().ToString(), row = pending.Id, now },
                        transaction);
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

    private sealed record Pending(string Id, string Text, TaskCompletionSource Done);
}
