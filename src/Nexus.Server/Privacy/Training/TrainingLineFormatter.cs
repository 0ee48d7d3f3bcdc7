using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Privacy.Training;

/// <summary>Formats a line of the training export in one of its two shapes.</summary>
internal static class TrainingLineFormatter
{
    // Property names that agents and their frameworks commonly use for the text. The first match wins.
    private static readonly string[] _inputKeys = ["content", "text", "prompt", "question", "query", "message"];
    private static readonly string[] _outputKeys = ["content", "text", "completion", "answer", "response", "message"];
    private static readonly string[] _roles = ["system", "user", "assistant", "tool"];

    /// <summary>Formats the event as in the wire contract.</summary>
    public static JsonObject FromEvent(DatasetEvent recorded) =>
        JsonSerializer.SerializeToNode(recorded, WireJson.Default.DatasetEvent)!.AsObject();

    /// <summary>Formats the event as a chat; null if its input or output contains no messages.</summary>
    public static JsonObject? ToChat(DatasetEvent recorded)
    {
        var input = ReadMessages(recorded.Input, _inputKeys, "user");
        var output = ReadMessages(recorded.Output, _outputKeys, "assistant");
        return input is null || output is null ? null : new JsonObject
        {
            ["messages"] = new JsonArray([.. input, .. output]),
            ["event_id"] = recorded.EventId,
            ["seq"] = recorded.Seq,
        };
    }

    public static void Write(IBufferWriter<byte> target, JsonObject line)
    {
        using (var json = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder, MaxDepth = 1024 }))
        {
            line.WriteTo(json);
        }

        target.Write("\n"u8);
    }

    private static List<JsonNode>? ReadMessages(JsonElement? side, string[] names, string role)
    {
        if (side is not { ValueKind: JsonValueKind.Object } given)
        {
            return null;
        }

        if (given.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            var turns = messages.EnumerateArray().Select(ReadMessage).OfType<JsonNode>().ToList();
            return turns.Count > 0 && turns.Count == messages.GetArrayLength() ? turns : null;
        }

        foreach (var name in names)
        {
            if (given.TryGetProperty(name, out var words)
                && words.ValueKind == JsonValueKind.String
                && words.GetString() is { Length: > 0 } text)
            {
                return [new JsonObject { ["role"] = role, ["content"] = text }];
            }
        }

        return null;
    }

    private static JsonNode? ReadMessage(JsonElement turn) =>
        turn.ValueKind == JsonValueKind.Object
        && turn.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && _roles.Contains(role.GetString())
        && turn.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? new JsonObject { ["role"] = role.GetString(), ["content"] = content.GetString() }
            : null;
}
