namespace Nexus.Server.Platform.Storage;

/// <summary>
/// State that the writes of one batch and scope share and that is stored once, before the commit:
/// a log's head with its new events, or what a tenant used.
/// </summary>
internal interface IBatchState
{
    /// <summary>Reads (and on PostgreSQL locks) what the part starts from. Runs before the first write of its scope.</summary>
    ValueTask BeginAsync(WriteSession session);

    /// <summary>Remembers the state, so that the write that follows can be undone.</summary>
    void CreateSavepoint();

    /// <summary>Goes back to the last <see cref="CreateSavepoint"/>: the write failed and its savepoint was rolled back.</summary>
    void RollbackToSavepoint();

    /// <summary>Stores what the batch's writes added. Runs once, after the last write.</summary>
    ValueTask FlushAsync(WriteSession session);
}
