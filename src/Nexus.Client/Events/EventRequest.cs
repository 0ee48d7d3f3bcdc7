using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>A caller's own event. Every member may be absent; who, when, where and in which trace is stamped by the server.</summary>
public sealed record EventRequest
{
    /// <summary>Where it happened, such as <c>chat</c>: 1 to 100 characters; <c>app</c> where absent.</summary>
    public string? Surface { get; init; }

    /// <summary>What went in; a JSON object.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>What came out; a JSON object.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>What else there is to say; a JSON object without the members that the server stamps.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The person the content is about where that is not the caller; 1 to 200 characters.</summary>
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

/// <summary>What became of a caller's own event. After the answer it is durable.</summary>
public sealed record EventReceipt
{
    /// <summary><c>accepted</c>; <c>refused</c> for a line of a batch that was not taken.</summary>
    public required string Status { get; init; }

    /// <summary>Its id.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EventId { get; init; }

    /// <summary>Its place in the log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Seq { get; init; }

    /// <summary>The personal data that was found in it and redacted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PiiFlags? PiiFlags { get; init; }

    /// <summary>Whether it may be trained on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? TrainOk { get; init; }

    /// <summary>Why a line of a batch was refused; a refused line changes nothing and stops no other line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LineError? Error { get; init; }
}
