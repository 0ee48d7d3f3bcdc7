using System.Text.Json.Nodes;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.Erasure;

/// <summary>What an erasure leaves in the log for each thing that it takes. No receipt names the person: the service itself is the actor.</summary>
internal sealed class ErasureReceiptWriter(EventLog log)
{
    /// <summary>The type of such an event.</summary>
    public const string EventType = "artifact_erased";

    /// <summary>An erasure at work in a scope.</summary>
    public ErasureContext CreateContext(Scope scope, string erasureId, string userId)
    {
        var context = RequestContextFactory.ForSystem("erasure_run", scope) with { TraceId = erasureId };
        return new ErasureContext(erasureId, userId, context, async (session, type, id) =>
        {
            var left = await log.AppendAsync(session, context, new NewEvent(EventType, type, id) { Surface = "privacy", Input = new JsonObject { ["erasure_id"] = erasureId } });
            return (left.Seq, left.RecordedAt);
        });
    }
}
