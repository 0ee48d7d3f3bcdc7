namespace Nexus.Merkle;

/// <summary>
/// Proves that a tree of a size holds a leaf at an index (RFC 6962, section 2.1.1): the hashes beside the way from the leaf to the root,
/// the leaf's sibling first.
/// </summary>
public sealed record InclusionProof
{
    /// <summary>A proof as it was given; whether it holds is for <see cref="Verify"/> to say.</summary>
    /// <exception cref="FormatException">The index is not below the size, or something is no hash.</exception>
    public InclusionProof(long index, long size, IReadOnlyList<byte[]> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (index < 0 || index >= size || !TreeHash.AreHashes(hashes))
        {
            throw new FormatException("An inclusion proof has an index below its size, and hashes.");
        }

        (Index, Size, Hashes) = (index, size, hashes);
    }

    /// <summary>The leaf's index, from 0.</summary>
    public long Index { get; }

    /// <summary>How many leaves the tree has.</summary>
    public long Size { get; }

    /// <summary>The hashes beside the way, the leaf's sibling first.</summary>
    public IReadOnlyList<byte[]> Hashes { get; }

    /// <summary>Whether a tree with this root holds that leaf at the index. The root must come from a checkpoint that is trusted.</summary>
    public bool Verify(ReadOnlySpan<byte> leafHash, ReadOnlySpan<byte> root)
    {
        if (leafHash.Length != TreeHash.Size)
        {
            return false;
        }

        // RFC 9162, section 2.1.3.2. Both count nodes of the level that is reached: ours, and the last one.
        var (node, last) = (Index, Size - 1);
        Span<byte> hash = stackalloc byte[TreeHash.Size];
        leafHash.CopyTo(hash);
        foreach (var beside in Hashes)
        {
            if (last == 0)
            {
                return false; // longer than the way
            }

            if ((node & 1) == 1 || node == last)
            {
                TreeHash.Node(beside, hash, hash);
                while ((node & 1) == 0 && node != 0) // a right edge without sibling: its node goes up as it is
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                TreeHash.Node(hash, beside, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash.SequenceEqual(root);
    }
}
