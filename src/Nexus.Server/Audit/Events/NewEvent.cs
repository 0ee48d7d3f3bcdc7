using System.Text.Json.Nodes;
using Nexus.Client;

namespace Nexus.Server.Audit.Events;

/// <summary>An event as described by a slice. The log stamps actor, time, scope and trace.</summary>
/// <param name="EventType">The event type, such as <c>card_created</c>. The contract names one for each mutation.</param>
/// <param name="AssetType">The type of the affected asset, such as <c>card</c>; null if there is none.</param>
internal sealed record NewEvent(string EventType, string? AssetType = null, string? AssetId = null)
{
    /// <summary>The part of the product the action happened in.</summary>
    public string Surface { get; init; } = "nexus";

    public JsonObject? Input { get; init; }

    public JsonObject? Output { get; init; }

    /// <summary>Additional data about the action.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>The person the content is about, if not the caller; otherwise null.</summary>
    public string? SubjectId { get; init; }

    /// <summary>Additional fields of a caller's own event: UTM, SEO and analytics, by their wire names.</summary>
    public JsonObject? Fields { get; init; }
}

/// <summary>An appended event.</summary>
/// <param name="Seq">The position in the log of its tenant and env. A mutable row stores the <c>seq</c> of its last event.</param>
/// <param name="RecordedAt">Unix microseconds. Also the time of the mutation.</param>
/// <param name="PiiFlags">The personal data that was found and redacted.</param>
/// <param name="TrainOk">Whether the event may be used for training.</param>
internal readonly record struct AppendedEvent(long Seq, string EventId, long RecordedAt, PiiFlags PiiFlags, bool TrainOk);
