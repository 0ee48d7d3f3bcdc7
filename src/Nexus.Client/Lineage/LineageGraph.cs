using System.Text.Json.Serialization;

namespace Nexus.Client;

/// <summary>What an object was made from and what was made from it.</summary>
public sealed record LineageGraph
{
    /// <summary>At most 500: the requested node, then inner nodes with the nearest first, then leaves with the furthest first.</summary>
    public required IReadOnlyList<LineageNode> Nodes { get; init; }

    /// <summary>The edges between these nodes.</summary>
    public required IReadOnlyList<LineageEdge> Edges { get; init; }

    /// <summary>Whether the limits cut off part of the graph.</summary>
    public required bool Truncated { get; init; }
}

/// <summary>An object in a lineage graph.</summary>
public sealed record LineageNode
{
    /// <summary><c>raw</c>, <c>atom</c>, <c>card</c> or <c>pack</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Id of the object.</summary>
    public required string Id { get; init; }

    /// <summary>A label for people, such as a card's title or a file name.</summary>
    public required string Label { get; init; }

    /// <summary>When the object was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>True if the object was deleted and only its position is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Erased { get; init; }
}

/// <summary>An edge from a source to what was made from it.</summary>
/// <param name="From">Id of the source.</param>
/// <param name="To">Id of what was made from it.</param>
/// <param name="How">
/// The operation that created an atom, such as <c>text_split</c>; <c>part</c> for a part of an atom; <c>artifact_ref</c> for a reference
/// in a card's header, <c>earlier_artifact_ref</c> for one in an earlier revision; <c>card_ref</c> for a card in a pack.
/// </param>
public sealed record LineageEdge(string From, string To, string How);
