using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Merkle;

namespace Nexus.Tests.Merkle;

public sealed class CompactRangeTests
{
    // Roots of the test tree shared by implementations of Certificate Transparency.
    private static readonly string[] _sharedEntries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] _sharedRoots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Empty_tree_has_hash_of_empty_input() =>
        Convert.ToHexStringLower(new CompactRange().Root()).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    [Fact]
    public void Roots_match_Certificate_Transparency_test_vectors()
    {
        var range = new CompactRange();
        for (var i = 0; i < _sharedEntries.Length; i++)
        {
            range.Append(TreeHash.Leaf(Convert.FromHexString(_sharedEntries[i])));
            Convert.ToHexStringLower(range.Root()).ShouldBe(_sharedRoots[i]);
        }
    }

    [Fact]
    public void Root_matches_RFC_6962() => Prop.ForAll(ArbMap.Default.ArbFor<byte[][]>(), entries =>
    {
        var range = new CompactRange();
        foreach (var entry in entries)
        {
            range.Append(TreeHash.Leaf(entry));
        }

        return range.Size == entries.Length && range.Root().AsSpan().SequenceEqual(SlowTree.MTH(entries));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sizes_up_to_300_match_RFC_6962_and_round_trip_as_bytes()
    {
        var entries = Enumerable.Range(0, 300).Select(i => Encoding.ASCII.GetBytes($"entry {i}")).ToArray();
        var range = new CompactRange();
        for (var size = 1; size <= entries.Length; size++)
        {
            range = CompactRange.FromBytes(range.ToBytes());
            range.Append(TreeHash.Leaf(entries[size - 1]));
            range.Root().ShouldBe(SlowTree.MTH(entries[..size]));
        }
    }

    [Fact]
    public void Append_reports_completed_subtrees()
    {
        var entries = Enumerable.Range(0, 21).Select(i => new[] { (byte)i }).ToArray();
        var told = new List<(int Level, long Index, byte[] Hash)>();
        var range = new CompactRange();
        foreach (var entry in entries)
        {
            range.Append(TreeHash.Leaf(entry), (level, index, hash) => told.Add((level, index, hash.ToArray())));
        }

        told.Count.ShouldBe(21 + 10 + 5 + 2 + 1);
        foreach (var (level, index, hash) in told)
        {
            var width = 1 << level;
            hash.ShouldBe(SlowTree.MTH(entries[(int)(index * width)..(int)((index + 1) * width)]));
        }
    }

    [Fact]
    public void Bytes_of_wrong_length_or_negative_size_are_rejected()
    {
        var range = new CompactRange();
        range.Append(TreeHash.Leaf("a"u8));
        var bytes = range.ToBytes();
        Should.Throw<FormatException>(() => CompactRange.FromBytes([]));
        Should.Throw<FormatException>(() => CompactRange.FromBytes(bytes.AsSpan(1)));
        Should.Throw<FormatException>(() => CompactRange.FromBytes(bytes.AsSpan(0, 8)));
        Should.Throw<FormatException>(() => CompactRange.FromBytes([.. bytes, 0]));
        bytes[0] = 0x80;
        Should.Throw<FormatException>(() => CompactRange.FromBytes(bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(100_000)]
    public void Leaf_of_any_length_is_hashed_completely(int length)
    {
        var entry = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        TreeHash.Leaf(entry).ShouldBe(SlowTree.MTH([entry]));
    }
}
