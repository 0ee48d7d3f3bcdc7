using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>What happened in one trace: its events, counted.</summary>
public sealed record ResearchRun
{
    /// <summary>The trace id.</summary>
    public required string RunId { get; init; }

    /// <summary>The tenant it happened in.</summary>
    public required string TenantId { get; init; }

    /// <summary><c>dev</c>, <c>staging</c> or <c>prod</c>.</summary>
    public required string Env { get; init; }

    /// <summary>When its first event was recorded.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>When its last event was recorded.</summary>
    public required DateTimeOffset EndTime { get; init; }

    /// <summary><c>completed</c>: what is recorded is done, and a trace has no end that anybody announces.</summary>
    public required string Status { get; init; }

    /// <summary><c>influence_pack</c>, <c>card_ingest</c>, <c>search</c>, <c>memory</c> or <c>unknown</c>: the first of these that it did.</summary>
    public required string Kind { get; init; }

    /// <summary>How many events it has.</summary>
    public required long EventsCount { get; init; }

    /// <summary>How many cards it created.</summary>
    public required long CardsCount { get; init; }

    /// <summary>How many atoms it created.</summary>
    public required long AtomsCount { get; init; }

    /// <summary>What else is known of it.</summary>
    public required RunMetadata Metadata { get; init; }

    /// <summary>A page of its events in their order, in the answer for one run. Below admin, others' events are shown without their content and actor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DatasetEvent>? Events { get; init; }

    /// <summary>Cursor of the events after these; absent where there are no more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>What is known of a run besides its counts.</summary>
public sealed record RunMetadata
{
    /// <summary>The types of its events, each once, in the order in which they first came.</summary>
    public required IReadOnlyList<string> EventTypes { get; init; }
}
