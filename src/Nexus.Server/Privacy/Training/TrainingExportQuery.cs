using System.Text.Json.Nodes;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>The parameters of a training export.</summary>
/// <param name="Shape"><c>events</c> for events as recorded, or <c>messages</c> for chats.</param>
/// <param name="From">Only events recorded at or after this time.</param>
/// <param name="To">Only events recorded before this time.</param>
/// <param name="Surface">Only events of this surface.</param>
/// <param name="EventType">Only events of this type.</param>
/// <param name="After">Only events with a larger <c>seq</c>, to resume an interrupted export; -1 for all.</param>
/// <param name="Proofs">Whether each line includes an inclusion proof for the checkpoint.</param>
internal sealed record TrainingExportQuery(
    string Shape, DateTimeOffset? From, DateTimeOffset? To, string? Surface, string? EventType, long After, bool Proofs)
{
    /// <summary>Returns the parameters as recorded in the event and in the manifest.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["shape"] = Shape };
        Add("from", From is { } from ? Timestamps.ToRfc3339(from) : null);
        Add("to", To is { } to ? Timestamps.ToRfc3339(to) : null);
        Add("surface", Surface);
        Add("event_type", EventType);
        Add("after", After < 0 ? null : After);
        Add("proofs", Proofs ? true : null);
        return json;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }
}
