using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Runs;

/// <summary>Adds every event to the run of its trace.</summary>
internal sealed class RunAppendStep : IAppendStep
{
    /// <inheritdoc />
    public void OnAppended(WriteSession session, in LoggedEvent appended) => session.BatchState<RunBatchState>().Add(appended);
}
