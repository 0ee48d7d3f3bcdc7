namespace Nexus.Server.Platform.Storage;

/// <summary>
/// State that the writes of one batch share within a tenant and env, stored once, before the commit:
/// a log's head with its new events, or what a tenant used.
/// </summary>
internal interface IBatchState
{
    /// <summary>Reads (and on PostgreSQL locks) what the state starts from. Runs before the first write of its tenant and env.</summary>
    ValueTask BeginAsync(WriteSession session);

    /// <summary>Remembers the state, so that the write that follows can be undone.</summary>
    void CreateSavepoint();

    /// <summary>Goes back to the last <see cref="CreateSavepoint"/>: the write failed and its savepoint was rolled back.</summary>
    void RollbackToSavepoint();

    /// <summary>
    /// The statements that store what the batch's writes added. Called once, after the last write. The session is for reading what the
    /// statements need; the batch runs those of all its states together, in the order in which the states are registered.
    /// </summary>
    ValueTask<IReadOnlyList<BatchStatement>> FlushAsync(WriteSession session);
}
