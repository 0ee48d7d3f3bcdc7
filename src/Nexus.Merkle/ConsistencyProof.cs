namespace Nexus.Merkle;

/// <summary>
/// Proves that a later tree starts with all the leaves of an earlier one, in the same order (RFC 6962, section 2.1.2), so nothing
/// was changed, removed or inserted.
/// </summary>
public sealed record ConsistencyProof
{
    /// <summary>Creates a proof without verifying it; see <see cref="Verify"/>.</summary>
    /// <exception cref="FormatException">
    /// A size is negative, the later size is smaller than the earlier one, or an item is not a hash.
    /// </exception>
    public ConsistencyProof(long from, long to, IReadOnlyList<byte[]> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (from < 0 || to < from || !TreeHash.AreHashes(hashes))
        {
            throw new FormatException("A consistency proof has sizes that do not go back, and hashes.");
        }

        (From, To, Hashes) = (from, to, hashes);
    }

    /// <summary>The size of the earlier tree.</summary>
    public long From { get; }

    /// <summary>The size of the later tree.</summary>
    public long To { get; }

    /// <summary>The proof's hashes, in RFC order.</summary>
    public IReadOnlyList<byte[]> Hashes { get; }

    /// <summary>
    /// Returns whether the tree with the later root starts with the tree with the earlier root. The proof must be empty if the
    /// earlier tree is empty or both sizes are equal.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot)
    {
        if (fromRoot.Length != TreeHash.Size || toRoot.Length != TreeHash.Size)
        {
            return false;
        }

        if (From == To)
        {
            return Hashes.Count == 0 && fromRoot.SequenceEqual(toRoot) && (From > 0 || toRoot.SequenceEqual(TreeHash.Empty));
        }

        if (From == 0)
        {
            return Hashes.Count == 0 && fromRoot.SequenceEqual(TreeHash.Empty);
        }

        return Climb(fromRoot, toRoot);
    }

    // RFC 9162, section 2.1.4.2.
    private bool Climb(ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot)
    {
        var (node, last) = (From - 1, To - 1);
        while ((node & 1) == 1)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        // If the earlier tree is a full subtree, its root takes the place of the proof's first hash.
        var next = 0;
        var full = node == 0;
        if (!full && Hashes.Count == 0)
        {
            return false;
        }

        Span<byte> earlier = stackalloc byte[TreeHash.Size];
        Span<byte> later = stackalloc byte[TreeHash.Size];
        (full ? fromRoot : Hashes[next++]).CopyTo(earlier);
        earlier.CopyTo(later);
        for (; next < Hashes.Count; next++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                TreeHash.Node(Hashes[next], earlier, earlier);
                TreeHash.Node(Hashes[next], later, later);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                TreeHash.Node(later, Hashes[next], later);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && earlier.SequenceEqual(fromRoot) && later.SequenceEqual(toRoot);
    }
}
