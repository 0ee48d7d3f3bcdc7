using Nexus.Merkle;

namespace Nexus.Client;

/// <summary>Response of <c>GET /audit/proof/inclusion</c>. Hashes are base64.</summary>
public sealed record LogInclusion
{
    /// <summary>Position of the event.</summary>
    public required long Seq { get; init; }

    /// <summary>Number of entries in the tree.</summary>
    public required long Size { get; init; }

    /// <summary>Leaf hash of the event's entry.</summary>
    public required byte[] LeafHash { get; init; }

    /// <summary>The hashes of the audit path, from the leaf's sibling to the root.</summary>
    public required IReadOnlyList<byte[]> Hashes { get; init; }

    /// <summary>Root of the tree. Do not trust it: use the root of a signed checkpoint.</summary>
    public required byte[] Root { get; init; }

    /// <summary>The proof, not yet verified.</summary>
    /// <exception cref="FormatException">The values do not form a proof.</exception>
    public InclusionProof ToProof() => new(Seq, Size, Hashes);
}

/// <summary>Response of <c>GET /audit/proof/consistency</c>. Hashes are base64.</summary>
public sealed record LogConsistency
{
    /// <summary>The size of the earlier tree.</summary>
    public required long From { get; init; }

    /// <summary>The size of the later tree.</summary>
    public required long To { get; init; }

    /// <summary>The hashes in the order of RFC 6962.</summary>
    public required IReadOnlyList<byte[]> Hashes { get; init; }

    /// <summary>Root of the earlier tree. Do not trust it: use the root of a signed checkpoint.</summary>
    public required byte[] FromRoot { get; init; }

    /// <summary>Root of the later tree. Do not trust it: use the root of a signed checkpoint.</summary>
    public required byte[] ToRoot { get; init; }

    /// <summary>The proof, not yet verified.</summary>
    /// <exception cref="FormatException">The values do not form a proof.</exception>
    public ConsistencyProof ToProof() => new(From, To, Hashes);
}
