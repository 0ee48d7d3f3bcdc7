using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>Counts what the log stores towards the tenant's storage.</summary>
internal sealed class UsageAppendStep : IAppendStep
{
    /// <inheritdoc />
    public void OnAppended(WriteSession session, in LoggedEvent appended) =>
        session.BatchState<UsageBatchState>().AddEventBytes(appended.Bytes);

    /// <inheritdoc />
    public void OnContentErased(WriteSession session, long bytes) => session.BatchState<UsageBatchState>().AddEventBytes(-bytes);
}
