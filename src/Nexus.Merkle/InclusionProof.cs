namespace Nexus.Merkle;

/// <summary>
/// Proves that a tree of a given size contains a leaf at an index (RFC 6962, section 2.1.1). Consists of the sibling hashes on
/// the path from the leaf to the root.
/// </summary>
public sealed record InclusionProof
{
    /// <summary>Creates a proof without verifying it; see <see cref="Verify"/>.</summary>
    /// <exception cref="FormatException">The index is negative or not below the size, or an item is not a hash.</exception>
    public InclusionProof(long index, long size, IReadOnlyList<byte[]> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (index < 0 || index >= size || !TreeHash.AreHashes(hashes))
        {
            throw new FormatException("An inclusion proof has an index below its size, and hashes.");
        }

        (Index, Size, Hashes) = (index, size, hashes);
    }

    /// <summary>The zero-based index of the leaf.</summary>
    public long Index { get; }

    /// <summary>The number of leaves in the tree.</summary>
    public long Size { get; }

    /// <summary>The sibling hashes on the path, starting at the leaf.</summary>
    public IReadOnlyList<byte[]> Hashes { get; }

    /// <summary>
    /// Returns whether a tree with this root contains the leaf at the index. The root must come from a trusted checkpoint.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> leafHash, ReadOnlySpan<byte> root)
    {
        if (leafHash.Length != TreeHash.Size)
        {
            return false;
        }

        // RFC 9162, section 2.1.3.2. Both are node indexes on the current level: the leaf's ancestor, and the last node.
        var (node, last) = (Index, Size - 1);
        Span<byte> hash = stackalloc byte[TreeHash.Size];
        leafHash.CopyTo(hash);
        foreach (var beside in Hashes)
        {
            if (last == 0)
            {
                return false; // longer than the path
            }

            if ((node & 1) == 1 || node == last)
            {
                TreeHash.Node(beside, hash, hash);
                while ((node & 1) == 0 && node != 0) // a node on the right edge without a sibling moves up unchanged
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
