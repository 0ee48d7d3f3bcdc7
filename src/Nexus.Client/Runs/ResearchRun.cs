using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>The events of one trace, summarized.</summary>
public sealed record ResearchRun
{
    /// <summary>The trace id.</summary>
    public required string RunId { get; init; }

    /// <summary>The tenant of the trace.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>When its first event was recorded.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When its last event was recorded.</summary>
    public required DateTimeOffset EndTime { get; init; }

    /// <summary>Always <c>completed</c>: recorded events are done, and nothing marks the end of a trace.</summary>
    public required string Status { get; init; }

    /// <summary>
    /// <c>influence_pack</c>, <c>card_ingest</c>, <c>search</c>, <c>memory</c> or <c>unknown</c>: the first of these that applies.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Number of events.</summary>
    public required long EventsCount { get; init; }

    /// <summary>Number of cards created.</summary>
    public required long CardsCount { get; init; }

    /// <summary>Number of atoms created.</summary>
    public required long AtomsCount { get; init; }

    /// <summary>Further facts.</summary>
    public required RunMetadata Metadata { get; init; }

    /// <summary>
    /// A page of its events in order; only in the response for a single run. Without the admin role, events of others have no content and
    /// no actor.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DatasetEvent>? Events { get; init; }

    /// <summary>Cursor of the next events; absent at the end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>Further facts about a run.</summary>
public sealed record RunMetadata
{
    /// <summary>The distinct event types, in order of first occurrence.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }
}
