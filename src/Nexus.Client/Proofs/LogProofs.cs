using Nexus.Merkle;

namespace Nexus.Client;

/// <summary>What <c>GET /audit/proof/inclusion</c> answers; hashes are base64.</summary>
public sealed record LogInclusion
{
    /// <summary>The event's place.</summary>
    public required long Seq { get; init; }

    /// <summary>How many entries the tree has that is proved about.</summary>
    public required long Size { get; init; }

    /// <summary>The leaf of the event's entry.</summary>
    public required byte[] LeafHash { get; init; }

    /// <summary>The hashes beside the way to the root, the leaf's sibling first.</summary>
    public required IReadOnlyList<byte[]> Hashes { get; init; }

    /// <summary>The root of the tree. Trust the one of a checkpoint, not this.</summary>
    public required byte[] Root { get; init; }

    /// <summary>The proof, to be verified.</summary>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public InclusionProof ToProof() => new(Seq, Size, Hashes);
}

/// <summary>What <c>GET /audit/proof/consistency</c> answers; hashes are base64.</summary>
public sealed record LogConsistency
{
    /// <summary>The size of the earlier tree.</summary>
    public required long From { get; init; }

    /// <summary>The size of the later tree.</summary>
    public required long To { get; init; }

    /// <summary>The hashes, in the order of RFC 6962.</summary>
    public required IReadOnlyList<byte[]> Hashes { get; init; }

    /// <summary>The root of the earlier tree. Trust the one of a checkpoint, not this.</summary>
    public required byte[] FromRoot { get; init; }

    /// <summary>The root of the later tree. Trust the one of a checkpoint, not this.</summary>
    public required byte[] ToRoot { get; init; }

    /// <summary>The proof, to be verified.</summary>
    /// <exception cref="FormatException">It cannot be one.</exception>
    public ConsistencyProof ToProof() => new(From, To, Hashes);
}
