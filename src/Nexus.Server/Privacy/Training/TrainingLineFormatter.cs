using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Privacy.Training;

/// <summary>The two shapes of a line of the training export.</summary>
internal static class TrainingLineFormatter
{
    // Where the words of a side are looked for, the first found wins: what agents and their frameworks commonly call them.
    private static readonly string[] _inputKeys = ["content", "text", "prompt", "question", "query", "message"];
    private static readonly string[] _outputKeys = ["content", "text", "completion", "answer", "response", "message"];
    private static readonly string[] _roles = ["system", "user", "assistant", "tool"];

    /// <summary>The event as the contract shows it.</summary>
    public static JsonObject FromEvent(DatasetEvent recorded) => JsonSerializer.SerializeToNode(recorded, WireJson.Default.DatasetEvent)!.AsObject();

    /// <summary>The event as a chat; null where its input and output hold none.</summary>
    public static JsonObject? ToChat(DatasetEvent recorded)
    {
        var asked = ReadMessages(recorded.Input, _inputKeys, "user");
        var answered = ReadMessages(recorded.Output, _outputKeys, "assistant");
        return asked is null || answered is null ? null : new JsonObject
        {
            ["messages"] = new JsonArray([.. asked, .. answered]),
            ["event_id"] = recorded.EventId,
            ["seq"] = recorded.Seq,
        };
    }

    /// <summary>Writes a line.</summary>
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
            if (given.TryGetProperty(name, out var words) && words.ValueKind == JsonValueKind.String && words.GetString() is { Length: > 0 } text)
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
