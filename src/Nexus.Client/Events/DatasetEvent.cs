using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>
/// A recorded event, as returned by <c>GET /audit/events</c>. Some names are camelCase on the wire for historical reasons.
/// </summary>
public sealed record DatasetEvent
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string EventId { get; init; }

    /// <summary>Position in the log of the tenant and env: 0, 1, 2 …, without gaps.</summary>
    public required long Seq { get; init; }

    /// <summary>When the event was recorded. Never earlier than the previous event.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Base64 of the Merkle leaf's SHA-256.</summary>
    public required string LeafHash { get; init; }

    /// <summary>The tenant whose log contains the event.</summary>
    [JsonPropertyName("tenantId")]
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>The part of the product, such as <c>nexus</c> or <c>auth</c>.</summary>
    public required string Surface { get; init; }

    /// <summary>The user or API key that acted.</summary>
    [JsonPropertyName("agentId")]
    public required string AgentId { get; init; }

    /// <summary>The redacted input; a JSON object, null once erased.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The redacted output; a JSON object, null once erased.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The personal data that was detected.</summary>
    public required PiiFlags PiiFlags { get; init; }

    /// <summary>Whether the event may be used for training.</summary>
    public required bool TrainOk { get; init; }

    /// <summary>
    /// What determined <c>train_ok</c>: <c>pii</c>, <c>user</c>, <c>subject</c>, <c>tenant</c>, <c>system</c> or <c>default</c>.
    /// </summary>
    public required string TrainBasis { get; init; }

    /// <summary>
    /// A JSON object: always <c>trace_id</c>, <c>request_id</c>, <c>actor_type</c>; for a recorded action also
    /// <c>action</c>, <c>event_type</c>, <c>asset_type</c>, <c>asset_id</c>, <c>origin_ref</c>, <c>gates</c>.
    /// </summary>
    public required JsonElement Metadata { get; init; }

    /// <summary>The person the content is about, if not the caller.</summary>
    public string? SubjectId { get; init; }

    /// <summary>W3C trace id of the request.</summary>
    [JsonPropertyName("traceId")]
    public required string TraceId { get; init; }

    /// <summary>Id of the request.</summary>
    [JsonPropertyName("requestId")]
    public required string RequestId { get; init; }

    /// <summary><c>human</c>, <c>agent</c> or <c>system</c>.</summary>
    [JsonPropertyName("actorType")]
    public required string ActorType { get; init; }

    /// <summary>Campaign source.</summary>
    public string? UtmSource { get; init; }

    /// <summary>Campaign medium.</summary>
    public string? UtmMedium { get; init; }

    /// <summary>Campaign name.</summary>
    public string? UtmCampaign { get; init; }

    /// <summary>Campaign term.</summary>
    public string? UtmTerm { get; init; }

    /// <summary>Campaign content.</summary>
    public string? UtmContent { get; init; }

    /// <summary>Slug of the page.</summary>
    public string? SeoSlug { get; init; }

    /// <summary>Title of the page.</summary>
    public string? SeoTitle { get; init; }

    /// <summary>Description of the page.</summary>
    public string? SeoDescription { get; init; }

    /// <summary>Alternative text of the asset.</summary>
    public string? AssetAltText { get; init; }

    /// <summary>The analytics platform's name for the event.</summary>
    public string? AnalyticsEventType { get; init; }

    /// <summary>The analytics platform.</summary>
    public string? AnalyticsPlatform { get; init; }
}

/// <summary>The results of personal data detection.</summary>
public sealed record PiiFlags
{
    /// <summary>The detected kinds, such as <c>email</c>.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>Number of occurrences by kind.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>The reason for the policy decision; null if nothing was detected.</summary>
    public string? PolicyReason { get; init; }
}
