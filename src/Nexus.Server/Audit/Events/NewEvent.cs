using System.Text.Json.Nodes;
using Nexus.Client;

namespace Nexus.Server.Audit.Events;

/// <summary>What a slice says of a recorded action. Who, when, where and in which trace is stamped by the log.</summary>
/// <param name="EventType">Such as <c>card_created</c>; the contract names one for each mutation.</param>
/// <param name="AssetType">What it is about, such as <c>card</c>.</param>
/// <param name="AssetId">Its id.</param>
internal sealed record NewEvent(string EventType, string? AssetType = null, string? AssetId = null)
{
    /// <summary>The part of the product it happened in.</summary>
    public string Surface { get; init; } = "nexus";

    /// <summary>What went in.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>What came out.</summary>
    public JsonObject? Output { get; init; }

    /// <summary>What else the action wants to say.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>The person the content is about where that is not the caller.</summary>
    public string? SubjectId { get; init; }

    /// <summary>What a caller's own event says besides: utm, seo and analytics fields, by their names on the wire.</summary>
    public JsonObject? Fields { get; init; }
}

/// <summary>Where the log put an event.</summary>
/// <param name="Seq">Its place in the log of its tenant and env; a mutable row keeps that of its last event.</param>
/// <param name="EventId">Its id.</param>
/// <param name="RecordedAt">Microseconds; the time of the mutation too.</param>
/// <param name="PiiFlags">The personal data that was found in it and redacted.</param>
/// <param name="TrainOk">Whether it may be trained on.</param>
internal readonly record struct AppendedEvent(long Seq, string EventId, long RecordedAt, PiiFlags PiiFlags, bool TrainOk);
