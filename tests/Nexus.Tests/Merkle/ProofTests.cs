using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class ProofTests
{
    private static readonly byte[][] _sharedEntries =
        [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(
            Convert.FromHexString)];

    private static readonly Config _tenThousand = Config.QuickThrowOnFailure.WithMaxTest(10_000).WithQuietOnSuccess(true);

    // Trees of up to about 130 leaves, with two positions in each. Entries repeat occasionally, as FsCheck's bytes do.
    private static readonly Arbitrary<(byte[][] Entries, int One, int Other)> _trees = Arb.From(
        from size in Gen.OneOf(Gen.Choose(1, 20), Gen.Choose(1, 130))
        from entries in Gen.ArrayOf(Gen.Choose(0, 255).Select(value => new[] { (byte)value, (byte)(value >> 3) }), size)
        from one in Gen.Choose(0, size - 1)
        from other in Gen.Choose(0, size - 1)
        select (entries, one, other));

    // Proofs of the test tree shared by implementations of Certificate Transparency; positions start at 0.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(
        0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(
        1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Shared_inclusion_proofs_verify(int index, int size, params string[] hashes) =>
        Inclusion(index, size, hashes).Verify(TreeHash.Leaf(_sharedEntries[index]), SlowTree.MTH(_sharedEntries[..size])).ShouldBeTrue();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(
        1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(
        2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Shared_consistency_proofs_verify(int from, int to, params string[] hashes) =>
        Consistency(from, to, hashes).Verify(SlowTree.MTH(_sharedEntries[..from]), SlowTree.MTH(_sharedEntries[..to])).ShouldBeTrue();

    [Fact]
    public void Inclusion_proofs_of_random_trees_verify_and_altered_ones_fail() => Prop.ForAll(_trees, tree =>
    {
        var (entries, one, other) = tree;
        var (size, root, leaf) = (entries.Length, SlowTree.MTH(entries), TreeHash.Leaf(entries[one]));
        var path = SlowTree.PATH(one, entries);
        var inclusion = new InclusionProof(one, size, path);
        return inclusion.Verify(leaf, root)
            && new InclusionProof(other, size, path).Verify(leaf, root) == (entries[one].AsSpan().SequenceEqual(entries[other])
            && path.SequenceEqual(SlowTree.PATH(other, entries), Bytes.Comparer))
            && inclusion.Verify(TreeHash.Leaf(entries[other]), root) == entries[one].AsSpan().SequenceEqual(entries[other])
            && !new InclusionProof(one, size, [.. path, root]).Verify(leaf, root)
            && !new InclusionProof(one, size, [root, .. path]).Verify(leaf, root)
            && (path.Length == 0 || !new InclusionProof(one, size, path[1..]).Verify(leaf, root))
            && (path.Length == 0 || !new InclusionProof(one, size, path[..^1]).Verify(leaf, root))
            && (path.Length == 0 || !new InclusionProof(one, size, Flipped(path, one * 31, other * 17)).Verify(leaf, root));
    }).Check(_tenThousand);

    [Fact]
    public void Consistency_proofs_of_random_trees_verify_and_altered_ones_fail() => Prop.ForAll(_trees, tree =>
    {
        var (entries, one, other) = tree;
        var (from, to) = (Math.Min(one, other) + 1, Math.Max(one, other) + 1);
        var (fromRoot, toRoot) = (SlowTree.MTH(entries[..from]), SlowTree.MTH(entries[..to]));
        var hashes = SlowTree.PROOF(from, entries[..to]);
        var proof = new ConsistencyProof(from, to, hashes);
        byte[][] altered = [.. entries[..to]];
        altered[one] = [.. altered[one], 1];
        return proof.Verify(fromRoot, toRoot)
            && (from == to || !proof.Verify(toRoot, fromRoot))
            && !new ConsistencyProof(from, to, [.. hashes, toRoot]).Verify(fromRoot, toRoot)
            && (hashes.Length == 0 || !new ConsistencyProof(from, to, hashes[1..]).Verify(fromRoot, toRoot))
            && (hashes.Length == 0 || !new ConsistencyProof(from, to, hashes[..^1]).Verify(fromRoot, toRoot))
            && (hashes.Length == 0 || !new ConsistencyProof(from, to, Flipped(hashes, one * 31, other * 17)).Verify(fromRoot, toRoot))
            && (one >= from || !new ConsistencyProof(from, to, SlowTree.PROOF(from, altered)).Verify(fromRoot, SlowTree.MTH(altered)));
    }).Check(_tenThousand);

    [Fact]
    public void Consistency_proofs_up_to_size_60_verify_only_for_their_sizes()
    {
        const int MaxSize = 60;
        var entries = Enumerable.Range(0, MaxSize).Select(i => Encoding.ASCII.GetBytes($"entry {i}")).ToArray();
        var roots = Enumerable.Range(0, MaxSize + 1).Select(size => SlowTree.MTH(entries[..size])).ToArray();
        for (var to = 1; to <= MaxSize; to++)
        {
            for (var from = 1; from <= to; from++)
            {
                var hashes = SlowTree.PROOF(from, entries[..to]);
                new ConsistencyProof(from, to, hashes).Verify(roots[from], roots[to]).ShouldBeTrue($"{from} to {to}");
                new ConsistencyProof(0, to, []).Verify(roots[0], roots[to]).ShouldBeTrue();
                foreach (var (wrongFrom, wrongTo) in ((int, int)[])[(from - 1, to), (from + 1, to), (from, to - 1), (from, to + 1)])
                {
                    if (wrongFrom < 0 || wrongFrom > wrongTo || wrongTo > MaxSize)
                    {
                        continue;
                    }

                    // The sizes belong to other trees, whose roots this proof does not match.
                    new ConsistencyProof(wrongFrom, wrongTo, hashes).Verify(roots[wrongFrom], roots[wrongTo])
                        .ShouldBe(
                            hashes.SequenceEqual(wrongFrom == 0 ? [] : SlowTree.PROOF(wrongFrom, entries[..wrongTo]), Bytes.Comparer),
                            $"{from} to {to} as {wrongFrom} to {wrongTo}");
                }
            }
        }
    }

    [Fact]
    public void Inclusion_proofs_up_to_size_60_verify_only_at_their_index()
    {
        const int MaxSize = 60;
        var entries = Enumerable.Range(0, MaxSize).Select(i => Encoding.ASCII.GetBytes($"entry {i}")).ToArray();
        for (var size = 1; size <= MaxSize; size++)
        {
            var root = SlowTree.MTH(entries[..size]);
            for (var index = 0; index < size; index++)
            {
                var path = SlowTree.PATH(index, entries[..size]);
                for (var place = 0; place < size; place++)
                {
                    new InclusionProof(place, size, path).Verify(TreeHash.Leaf(entries[index]), root).ShouldBe(place == index);
                }
            }
        }
    }

    [Fact]
    public void Any_flipped_bit_is_rejected()
    {
        var entries = Enumerable.Range(0, 13).Select(i => new[] { (byte)i }).ToArray();
        var (root, earlier) = (SlowTree.MTH(entries), SlowTree.MTH(entries[..6]));
        var path = SlowTree.PATH(9, entries);
        var hashes = SlowTree.PROOF(6, entries);
        for (var bit = 0; bit < 256; bit++)
        {
            for (var hash = 0; hash < path.Length; hash++)
            {
                new InclusionProof(9, 13, Flipped(path, hash, bit)).Verify(TreeHash.Leaf(entries[9]), root).ShouldBeFalse();
            }

            for (var hash = 0; hash < hashes.Length; hash++)
            {
                new ConsistencyProof(6, 13, Flipped(hashes, hash, bit)).Verify(earlier, root).ShouldBeFalse();
            }

            new InclusionProof(9, 13, path).Verify(Flipped([TreeHash.Leaf(entries[9])], 0, bit)[0], root).ShouldBeFalse();
            new InclusionProof(9, 13, path).Verify(TreeHash.Leaf(entries[9]), Flipped([root], 0, bit)[0]).ShouldBeFalse();
            new ConsistencyProof(6, 13, hashes).Verify(Flipped([earlier], 0, bit)[0], root).ShouldBeFalse();
            new ConsistencyProof(6, 13, hashes).Verify(earlier, Flipped([root], 0, bit)[0]).ShouldBeFalse();
        }
    }

    [Fact]
    public void Invalid_proof_is_rejected()
    {
        byte[] hash = new byte[32];
        Should.Throw<FormatException>(() => new InclusionProof(-1, 1, []));
        Should.Throw<FormatException>(() => new InclusionProof(1, 1, []));
        Should.Throw<FormatException>(() => new InclusionProof(0, 0, []));
        Should.Throw<FormatException>(() => new InclusionProof(0, long.MinValue, []));
        Should.Throw<FormatException>(() => new InclusionProof(0, 2, [new byte[31]]));
        Should.Throw<FormatException>(() => new InclusionProof(0, 2, [new byte[33]]));
        Should.Throw<FormatException>(() => new InclusionProof(0, 2, [null!]));
        Should.Throw<FormatException>(() => new InclusionProof(0, 2, Enumerable.Repeat(hash, 129).ToArray()));
        Should.Throw<FormatException>(() => new ConsistencyProof(2, 1, []));
        Should.Throw<FormatException>(() => new ConsistencyProof(-1, 1, []));
        Should.Throw<FormatException>(() => new ConsistencyProof(1, 2, [new byte[31]]));
        new InclusionProof(long.MaxValue - 1, long.MaxValue, Enumerable.Repeat(hash, 63).ToArray()).Verify(hash, hash).ShouldBeFalse();
        new InclusionProof(0, 1, []).Verify(hash.AsSpan(1), hash.AsSpan(1)).ShouldBeFalse();
        new ConsistencyProof(1, long.MaxValue, Enumerable.Repeat(hash, 64).ToArray()).Verify(hash, hash).ShouldBeFalse();
        new ConsistencyProof(1, 2, []).Verify(hash, hash).ShouldBeFalse();
        new ConsistencyProof(3, 4, []).Verify(hash, hash).ShouldBeFalse();
    }

    [Fact]
    public void Empty_tree_is_consistent_with_every_tree_without_proof()
    {
        var root = SlowTree.MTH(_sharedEntries);
        new ConsistencyProof(0, 8, []).Verify(TreeHash.Empty, root).ShouldBeTrue();
        new ConsistencyProof(0, 0, []).Verify(TreeHash.Empty, TreeHash.Empty).ShouldBeTrue();
        new ConsistencyProof(0, 8, []).Verify(root, root).ShouldBeFalse();
        new ConsistencyProof(0, 0, []).Verify(root, root).ShouldBeFalse();
        new ConsistencyProof(0, 8, [root]).Verify(TreeHash.Empty, root).ShouldBeFalse();
        new ConsistencyProof(8, 8, []).Verify(root, root).ShouldBeTrue();
        new ConsistencyProof(8, 8, [root]).Verify(root, root).ShouldBeFalse();
    }

    private static InclusionProof Inclusion(int index, int size, string[] hashes) =>
        new(index, size, Array.ConvertAll(hashes, Convert.FromHexString));

    private static ConsistencyProof Consistency(int from, int to, string[] hashes) =>
        new(from, to, Array.ConvertAll(hashes, Convert.FromHexString));

    private static byte[][] Flipped(byte[][] hashes, int hash, int bit)
    {
        var changed = Array.ConvertAll(hashes, one => (byte[])one.Clone());
        changed[hash % changed.Length][bit / 8 % 32] ^= (byte)(1 << (bit % 8));
        return changed;
    }
}
