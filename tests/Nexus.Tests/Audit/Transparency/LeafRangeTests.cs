using FsCheck;
using FsCheck.Fluent;
using Nexus.Server.Audit.Events;
using Nexus.Tests.Merkle;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Compares the nodes of proofs with a slow, literal RFC 6962.</summary>
public sealed class LeafRangeTests
{
    [Fact]
    public void Proofs_of_random_trees_match_RFC_6962() => Prop.ForAll(Trees().ToArbitrary(), tree =>
    {
        var (entries, older, index) = tree;
        return Same(LeafRange.Inclusion(index, entries.Length), entries, SlowProofs.PATH(index, entries))
            && Same(LeafRange.Consistency(older, entries.Length), entries, SlowProofs.PROOF(older, entries));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void Proof_nodes_decompose_into_adjacent_full_subtrees()
    {
        foreach (var size in new[] { 1, 2, 3, 255, 256, 257, 1_000, 65_535, 65_536, 65_537, long.MaxValue })
        {
            foreach (var index in new[] { 0, 1, size / 2, size - 1 })
            {
                var nodes = LeafRange.Inclusion(Math.Min(index, size - 1), size)
                    .Concat(LeafRange.Consistency(Math.Max(index, 1), size))
                    .ToList();
                nodes.Count.ShouldBeLessThanOrEqualTo(2 * 64);
                foreach (var node in nodes)
                {
                    var at = node.From;
                    foreach (var (level, place) in Subtree.Decompose(node))
                    {
                        (place << level).ShouldBe(at);
                        at += 1L << level;
                    }

                    at.ShouldBe(node.To);
                }
            }
        }
    }

    private static Gen<(byte[][] Entries, int Older, int Index)> Trees() =>
        from size in Gen.Choose(1, 70)
        from seed in Gen.Choose(0, int.MaxValue)
        from older in Gen.Choose(1, size)
        from index in Gen.Choose(0, size - 1)
        select (Enumerable.Range(0, size).Select(i => BitConverter.GetBytes(seed + ((long)i << 32))).ToArray(), older, index);

    private static bool Same(List<LeafRange> nodes, byte[][] entries, byte[][] proof) =>
        nodes.Count == proof.Length
            && nodes.Zip(proof)
            .All(pair => SlowTree.MTH(entries[(int)pair.First.From..(int)pair.First.To]).AsSpan().SequenceEqual(pair.Second));
}
