using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Merkle;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Http;
using static Nexus.Server.Platform.Http.BodyValidation;

namespace Nexus.Server.Audit.Ingest;

/// <summary>A validated event of a caller.</summary>
/// <param name="Bytes">The size of its canonical JSON as sent, which must fit into the quota.</param>
internal sealed record CallerEvent(NewEvent Event, long Bytes)
{
    /// <summary>The type of all callers' events. Callers name their own types in <c>surface</c> and <c>analytics_event_type</c>.</summary>
    public const string EventType = "event_recorded";

    /// <summary>The maximum size of an event in bytes of canonical JSON; the limit of a transparency log entry.</summary>
    private const int MaxBytes = 65_535;

    private const int MaxSurface = 100;

    /// <summary>The redacted event; null until it is redacted. Redaction happens before the write.</summary>
    public RedactedEvent? Redacted { get; init; }

    /// <summary>Validates a posted event or one line of a batch.</summary>
    /// <exception cref="ProblemException">
    /// 413 <c>event.too_large</c>; 422, naming the invalid field. Fields that the server stamps are invalid too.
    /// </exception>
    public static CallerEvent FromRequest(EventRequest sent, JsonElement document)
    {
        var bytes = CanonicalJson.Write(document).Length;
        if (bytes > MaxBytes)
        {
            throw new ProblemException(EventLog.TooLarge);
        }

        Require(
            sent.Surface is null || (sent.Surface.Length is >= 1 and <= MaxSurface && !sent.Surface.Any(char.IsControl)), "surface",
            "must be 1 to 100 characters without control characters.");
        RequirePersonId(sent.SubjectId, "subject_id");
        var metadata = ReadObject(sent.Metadata, "metadata");
        foreach (var name in StoredEventReader.ServerStampedFields)
        {
            Require(metadata?.ContainsKey(name) != true, "metadata." + name, "must be absent: the server sets it.");
        }

        Require(
            metadata?.TryGetPropertyValue("origin_ref", out var origin) != true || origin is JsonObject,
            "metadata.origin_ref",
            "must be a JSON object.");
        var recorded = new NewEvent(EventType)
        {
            Surface = sent.Surface ?? "app",
            Input = ReadObject(sent.Input, "input"),
            Output = ReadObject(sent.Output, "output"),
            Metadata = metadata,
            SubjectId = sent.SubjectId,
            Fields = ReadFields(sent),
        };
        return new CallerEvent(recorded, bytes);
    }

    private static JsonObject ReadFields(EventRequest sent)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
            [
                ("utm_source", sent.UtmSource), ("utm_medium", sent.UtmMedium), ("utm_campaign", sent.UtmCampaign),
                ("utm_term", sent.UtmTerm), ("utm_content", sent.UtmContent),
                ("seo_slug", sent.SeoSlug), ("seo_title", sent.SeoTitle), ("seo_description", sent.SeoDescription),
                ("asset_alt_text", sent.AssetAltText),
                ("analytics_event_type", sent.AnalyticsEventType), ("analytics_platform", sent.AnalyticsPlatform),
            ])
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }

        return fields;
    }

    private static JsonObject? ReadObject(JsonElement? sent, string name)
    {
        if (sent is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        Require(value.ValueKind == JsonValueKind.Object, name, "must be a JSON object.");
        return JsonObject.Create(value);
    }
}
