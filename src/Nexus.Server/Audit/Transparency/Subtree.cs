using System.Numerics;
using System.Runtime.InteropServices;

namespace Nexus.Server.Audit.Transparency;

/// <summary>A full subtree of a log's tree: the leaves from <c>Index × 2^Level</c> on, <c>2^Level</c> of them.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Subtree(int Level, long Index)
{
    /// <summary>The full subtrees that a node of the tree is made of, the largest first.</summary>
    /// <param name="range">The leaves below the node.</param>
    public static IEnumerable<Subtree> Decompose(LeafRange range)
    {
        for (var from = range.From; from < range.To;)
        {
            var level = BitOperations.Log2((ulong)(range.To - from));
            yield return new Subtree(level, from >> level);
            from += 1L << level;
        }
    }
}

/// <summary>The leaves below one node of an RFC 6962 tree, from the first up to before the last.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeafRange(long From, long To)
{
    /// <summary>The nodes of an inclusion proof, from the leaf's sibling up (RFC 6962, 2.1.1).</summary>
    /// <param name="index">The leaf, below the size.</param>
    /// <param name="size">The tree.</param>
    public static List<LeafRange> Inclusion(long index, long size)
    {
        var path = new List<LeafRange>();
        CollectPath(index, new LeafRange(0, size), path);
        path.Reverse();
        return path;
    }

    /// <summary>The nodes of a consistency proof (RFC 6962, 2.1.2).</summary>
    /// <param name="from">The older tree, not empty.</param>
    /// <param name="to">The newer tree, not smaller.</param>
    public static List<LeafRange> Consistency(long from, long to)
    {
        var path = new List<LeafRange>();
        var rest = new LeafRange(0, to);
        // As long as the older tree is this node's left part, or begins its right part.
        var isWhole = true;
        while (from != rest.To)
        {
            var middle = rest.Middle;
            if (from <= middle)
            {
                path.Add(rest with { From = middle });
                rest = rest with { To = middle };
            }
            else
            {
                path.Add(rest with { To = middle });
                rest = rest with { From = middle };
                isWhole = false;
            }
        }

        if (!isWhole)
        {
            path.Add(rest);
        }

        path.Reverse();
        return path;
    }

    /// <summary>Where the node's left child ends: at the largest power of two below its leaves.</summary>
    private long Middle => From + (1L << BitOperations.Log2((ulong)(To - From - 1)));

    private static void CollectPath(long index, LeafRange node, List<LeafRange> path)
    {
        while (node.To - node.From > 1)
        {
            var middle = node.Middle;
            var (left, right) = (node with { To = middle }, node with { From = middle });
            path.Add(index < middle ? right : left);
            node = index < middle ? left : right;
        }
    }
}
