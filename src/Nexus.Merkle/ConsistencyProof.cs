namespace Nexus.Merkle;

/// <summary>
/// Proves that a tree of one size begins with all the leaves of an earlier one, in their order (RFC 6962, section 2.1.2): nothing was
/// changed, taken out or put in between.
/// </summary>
public sealed record ConsistencyProof
{
    /// <summary>A proof as it was given; whether it holds is for <see cref="Verify"/> to say.</summary>
    /// <exception cref="FormatException">The sizes are negative or go back, or something is no hash.</exception>
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

    /// <summary>The hashes, in the order of the RFC.</summary>
    public IReadOnlyList<byte[]> Hashes { get; }

    /// <summary>
    /// Whether the tree with the later root begins with the one that has the earlier root. Nothing has to be proved of an empty tree or
    /// of a tree and itself: there the proof is empty.
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

        // Where the earlier tree is full, its root stands for the hash that the proof would begin with.
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
