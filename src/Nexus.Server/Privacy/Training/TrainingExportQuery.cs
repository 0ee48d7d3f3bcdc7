using System.Text.Json.Nodes;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>What a training export was asked for.</summary>
/// <param name="Shape"><c>events</c>, as they are, or <c>messages</c>, as chats.</param>
/// <param name="From">Only events recorded at or after this.</param>
/// <param name="To">Only events recorded before this.</param>
/// <param name="Surface">Only of this part of the product.</param>
/// <param name="EventType">Only of this type.</param>
/// <param name="After">Only events behind this <c>seq</c>: an export that broke off goes on there. -1 for all.</param>
/// <param name="Proofs">Whether each line proves that the checkpoint's log holds it.</param>
internal sealed record TrainingExportQuery(string Shape, DateTimeOffset? From, DateTimeOffset? To, string? Surface, string? EventType, long After, bool Proofs)
{
    /// <summary>As it stands in the event and in the manifest.</summary>
    public JsonObject ToJson()
    {
        var asked = new JsonObject { ["shape"] = Shape };
        Add("from", From is { } from ? Timestamps.ToRfc3339(from) : null);
        Add("to", To is { } to ? Timestamps.ToRfc3339(to) : null);
        Add("surface", Surface);
        Add("event_type", EventType);
        Add("after", After < 0 ? null : After);
        Add("proofs", Proofs ? true : null);
        return asked;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                asked[name] = value;
            }
        }
    }
}
