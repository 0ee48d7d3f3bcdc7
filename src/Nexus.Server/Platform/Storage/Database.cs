namespace Nexus.Server.Platform.Storage;

/// <summary>The store, on either engine. All SQL of the service goes through its methods.</summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>Runs statements that only read. Each sees what is committed when it starts; two of them are no snapshot.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public abstract ValueTask<T> ReadAsync<T>(Scope scope, Func<ReadSession, ValueTask<T>> read, CancellationToken cancellationToken);

    /// <summary>
    /// Runs one write in a savepoint of a transaction it shares with the writes that wait beside it, and returns after the commit.
    /// A write that throws rolls back alone, and its exception reaches the caller.
    /// The delegate awaits nothing but its session: on SQLite it must complete synchronously.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The transaction failed, or too many writes wait. Nothing is kept.</exception>
    public abstract ValueTask<T> WriteAsync<T>(Scope scope, Func<WriteSession, ValueTask<T>> write, CancellationToken cancellationToken);

    /// <summary>Whether other processes may work on the same store.</summary>
    public abstract bool IsShared { get; }

    /// <summary>SQL for the present, in microseconds, by the clock that every process of the store sees.</summary>
    public abstract string NowMicrosSql { get; }

    /// <summary>
    /// Runs one statement that writes, in a transaction of its own, and returns its first row: for counters, which no event records and
    /// which must wait for no log. The statement returns rows on both engines.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public abstract ValueTask<T?> ExecuteInOwnTransactionAsync<T>(
        Scope scope, string sql, object args, CancellationToken cancellationToken);

    /// <summary>
    /// Takes what deleted and changed rows of some tables held out of the store's files: on SQLite out of every page and the journal of the
    /// whole file, on PostgreSQL with a vacuum. Other writers wait for it on SQLite.
    /// </summary>
    /// <param name="tables">Which.</param>
    /// <param name="isRepeat">
    /// Whether this was tried before and nothing was deleted since: what has been done of it is not done again.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False where a reader or another transaction still held on to it: to be tried again.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    public abstract ValueTask<bool> PurgeAsync(IReadOnlyList<string> tables, bool isRepeat, CancellationToken cancellationToken);

    /// <summary>Whether the store answers. Used by <c>/readyz</c>.</summary>
    public async ValueTask PingAsync(CancellationToken cancellationToken) =>
        await ReadAsync(Scope.System, session => session.FirstOrDefaultAsync<int>("select 1"), cancellationToken);

    /// <summary>
    /// Raised on every node, this one included, with the topic and key of <see cref="WriteSession.NotifyAsync"/>, after the commit.
    /// </summary>
    public event Action<string, string>? Changed;

    /// <summary>
    /// Raised on this node after a commit, for each scope that was written. Handlers neither wait nor throw: writers do not get their
    /// answers before.
    /// </summary>
    public event Action<Scope>? Committed;

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    private protected void RaiseChanged(string topic, string key) => Changed?.Invoke(topic, key);

    private protected void RaiseCommitted(Scope scope) => Committed?.Invoke(scope);
}
