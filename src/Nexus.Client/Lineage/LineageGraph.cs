using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>What a thing was made of and what was made of it, as one graph.</summary>
public sealed record LineageGraph
{
    /// <summary>At most 500: the asked one first, then what leads on, the nearest first, then what leads no further, the furthest first.</summary>
    public required IReadOnlyList<LineageNode> Nodes { get; init; }

    /// <summary>Between these nodes, each once.</summary>
    public required IReadOnlyList<LineageEdge> Edges { get; init; }

    /// <summary>Whether there is more than the bounds let in.</summary>
    public required bool Truncated { get; init; }
}

/// <summary>One thing in a graph of lineage.</summary>
public sealed record LineageNode
{
    /// <summary><c>raw</c>, <c>atom</c>, <c>card</c> or <c>pack</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Words for people, such as a card's title or a file's name.</summary>
    public required string Label { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>True where it is deleted and only its place is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Erased { get; init; }
}

/// <summary>From what something was made to what it became part of.</summary>
/// <param name="From">Id of the source.</param>
/// <param name="To">Id of what was made of it.</param>
/// <param name="How">
/// The op that made an atom of an asset, such as <c>text_split</c>; <c>part</c> of an atom; <c>artifact_ref</c> of a card's header, or
/// <c>earlier_artifact_ref</c> of one of its earlier revisions; <c>card_ref</c> of a pack.
/// </param>
public sealed record LineageEdge(string From, string To, string How);
