using System.Numerics;
using System.Runtime.InteropServices;

namespace Nexus.Server.Audit.Events;

/// <summary>A full subtree of a log's tree: the <c>2^Level</c> leaves starting at <c>Index × 2^Level</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Subtree(int Level, long Index)
{
    /// <summary>Returns the full subtrees that a node of the tree consists of, largest first.</summary>
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

/// <summary>The leaves below a node of an RFC 6962 tree. <c>To</c> is exclusive.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeafRange(long From, long To)
{
    /// <summary>Returns the nodes of an inclusion proof, from the leaf's sibling upwards (RFC 6962, 2.1.1).</summary>
    /// <param name="index">The index of the leaf; less than the size.</param>
    /// <param name="size">The size of the tree.</param>
    public static List<LeafRange> Inclusion(long index, long size)
    {
        var path = new List<LeafRange>();
        CollectPath(index, new LeafRange(0, size), path);
        path.Reverse();
        return path;
    }

    /// <summary>Returns the nodes of a consistency proof (RFC 6962, 2.1.2).</summary>
    /// <param name="from">The size of the older tree; at least 1.</param>
    /// <param name="to">The size of the newer tree; not less than the older.</param>
    public static List<LeafRange> Consistency(long from, long to)
    {
        var path = new List<LeafRange>();
        var rest = new LeafRange(0, to);
        // True while the node starts at the first leaf. If it ends so, the node is the older tree, whose root the verifier knows.
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

    /// <summary>The end of the node's left child, at the largest power of two less than the number of leaves.</summary>
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
