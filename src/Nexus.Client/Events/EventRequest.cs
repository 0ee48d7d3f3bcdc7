using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>An event recorded by a caller. All properties are optional. The server adds actor, time, tenant, env and trace.</summary>
public sealed record EventRequest
{
    /// <summary>The part of the product, such as <c>chat</c>: 1 to 100 characters. Default: <c>app</c>.</summary>
    public string? Surface { get; init; }

    /// <summary>The input; a JSON object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The output; a JSON object.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>Further metadata; a JSON object without the properties that the server adds.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The person the content is about, if not the caller; 1 to 200 characters.</summary>
    public string? SubjectId { get; init; }

    /// <inheritdoc cref="DatasetEvent.UtmSource" />
    public string? UtmSource { get; init; }

    /// <inheritdoc cref="DatasetEvent.UtmMedium" />
    public string? UtmMedium { get; init; }

    /// <inheritdoc cref="DatasetEvent.UtmCampaign" />
    public string? UtmCampaign { get; init; }

    /// <inheritdoc cref="DatasetEvent.UtmTerm" />
    public string? UtmTerm { get; init; }

    /// <inheritdoc cref="DatasetEvent.UtmContent" />
    public string? UtmContent { get; init; }

    /// <inheritdoc cref="DatasetEvent.SeoSlug" />
    public string? SeoSlug { get; init; }

    /// <inheritdoc cref="DatasetEvent.SeoTitle" />
    public string? SeoTitle { get; init; }

    /// <inheritdoc cref="DatasetEvent.SeoDescription" />
    public string? SeoDescription { get; init; }

    /// <inheritdoc cref="DatasetEvent.AssetAltText" />
    public string? AssetAltText { get; init; }

    /// <inheritdoc cref="DatasetEvent.AnalyticsEventType" />
    public string? AnalyticsEventType { get; init; }

    /// <inheritdoc cref="DatasetEvent.AnalyticsPlatform" />
    public string? AnalyticsPlatform { get; init; }
}

/// <summary>The result of recording an event. An accepted event is durable.</summary>
public sealed record EventReceipt
{
    /// <summary><c>accepted</c>, or <c>refused</c> for a line of a batch.</summary>
    public required string Status { get; init; }

    /// <summary>Id of the event.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EventId { get; init; }

    /// <summary>Position in the log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seq { get; init; }

    /// <summary>The personal data that was detected and redacted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PiiFlags? PiiFlags { get; init; }

    /// <summary>Whether the event may be used for training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? TrainOk { get; init; }

    /// <summary>Why a line of a batch was refused. A refused line changes nothing and does not affect other lines.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LineError? Error { get; init; }
}
