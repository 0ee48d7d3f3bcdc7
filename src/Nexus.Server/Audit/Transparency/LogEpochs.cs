using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Transparency;

/// <summary>
/// Starts new epochs on the operator's command. A log whose store was restored to an earlier state continues under a new origin,
/// and its own events quote what was signed under the old one. A log cannot be restored unnoticed.
/// </summary>
internal sealed class LogEpochs(Database database, EventLog log, SignedCheckpointFolder folder, CheckpointSigner signer, LogName name)
{
    /// <summary>The event type of an epoch start.</summary>
    public const string EventType = "log_epoch_started";

    /// <summary>Starts an epoch in every log that is behind its last checkpoint, and signs it.</summary>
    /// <returns>The number of epochs started.</returns>
    public async Task<int> BeginAsync(CancellationToken cancellationToken)
    {
        var begun = 0;
        foreach (var scope in folder.ListLogs())
        {
            try
            {
                await signer.SignAsync(scope, cancellationToken);
            }
            catch (ProblemException refusal) when (refusal.Problem == LogHealth.BehindSigned)
            {
                await BeginAsync(scope, folder.FindLast(scope)!, cancellationToken);
                await signer.SignAsync(scope, cancellationToken);
                begun++;
            }
        }

        return begun;
    }

    private async ValueTask BeginAsync(Scope scope, SignedCheckpoint before, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            scope,
            async session =>
            {
                var epoch = Math.Max((await LogHeads.FindAsync(session))!.Epoch, before.Epoch) + 1;
                var context = RequestContextFactory.ForSystem("log_epoch_begin", scope);
                var started = new NewEvent(EventType, "log", name.GetOrigin(scope, epoch))
                {
                    Surface = "audit",
                    Input = new JsonObject { ["checkpoint"] = before.Note },
                    Output = new JsonObject { ["epoch"] = epoch },
                };
                await log.AppendAsync(session, context, started, EventLog.WithoutRedaction(context, started));
                return await LogHeads.SetEpochAsync(session, epoch);
            },
            cancellationToken);
}
