using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>
/// Writes the receipts of an erasure to the log, one per erased item. A receipt does not name the person; its actor is the
/// service.
/// </summary>
internal sealed class ErasureReceiptWriter(EventLog log)
{
    /// <summary>The event type of a receipt.</summary>
    public const string EventType = "artifact_erased";

    /// <summary>Creates the context for an erasure in a scope.</summary>
    public ErasureContext CreateContext(Scope scope, string erasureId, string userId)
    {
        var context = RequestContextFactory.ForSystem("erasure_run", scope) with { TraceId = erasureId };
        return new ErasureContext(erasureId, userId, context, async (session, type, id) =>
        {
            var left = await log.AppendAsync(
                session,
                context,
                new NewEvent(EventType, type, id) { Surface = "privacy", Input = new JsonObject { ["erasure_id"] = erasureId } });
            return (left.Seq, left.RecordedAt);
        });
    }
}
