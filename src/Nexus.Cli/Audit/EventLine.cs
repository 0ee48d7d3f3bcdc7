using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nexus.Client;

namespace Nexus.Cli.Audit;

/// <summary>An event as one line, safe against control characters in its content.</summary>
internal static class EventLine
{
    private static readonly JsonWriterOptions _relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For people: seq, time, event type, asset, actor and trace.</summary>
    public static string FormatText(DatasetEvent recorded)
    {
        var metadata = recorded.Metadata;
        var about = GetString(metadata, "asset_id") is { } id ? $"{GetString(metadata, "asset_type")} {id}" : "-";
        var type = GetString(metadata, "event_type") ?? "-";
        var actor = recorded.AgentId.Length > 0 ? recorded.AgentId : "(erased)";
        return Escape(string.Create(
            CultureInfo.InvariantCulture,
            $"{recorded.Seq,6}  {UtcTime.Format(recorded.RecordedAt)}  {type}  {about}  "
            + $"by {actor} ({recorded.ActorType})  trace {recorded.TraceId}"));
    }

    /// <summary>For programs: the JSON of the API.</summary>
    public static string FormatJson(DatasetEvent recorded)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, _relaxed))
        {
            JsonSerializer.Serialize(writer, recorded, WireJson.Default.DatasetEvent);
        }

        return Escape(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>
    /// Escapes line breaks, control characters and text direction marks as JSON does. In JSON they occur only inside strings, so the
    /// escaped JSON has the same meaning.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.Any(NeedsEscape))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 16);
        foreach (var symbol in text)
        {
            if (NeedsEscape(symbol))
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)symbol:x4}");
            }
            else
            {
                line.Append(symbol);
            }
        }

        return line.ToString();
    }

    private static bool NeedsEscape(char symbol) =>
        char.IsControl(symbol)
        || char.GetUnicodeCategory(symbol) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string? GetString(JsonElement metadata, string name) =>
        metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
