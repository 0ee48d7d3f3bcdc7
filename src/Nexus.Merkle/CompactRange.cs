using System.Buffers.Binary;
using System.Numerics;

namespace Nexus.Merkle;

/// <summary>
/// Called for each full subtree when its last leaf is appended, with its level (0 is a leaf), its index within the level, and its
/// hash.
/// </summary>
public delegate void SubtreeCompleted(int level, long index, ReadOnlySpan<byte> hash);

/// <summary>
/// The right edge of an RFC 6962 tree: one hash per full subtree, at most 63. That is enough to append and to compute the root.
/// Not safe for concurrent use.
/// </summary>
public sealed class CompactRange
{
    private const int Levels = 63;

    // The hash of the full subtree of 2^level leaves is at level × 32 if that bit of Size is set. Other slots hold stale data.
    private readonly byte[] _hashes;

    /// <summary>Creates the range of the empty tree.</summary>
    public CompactRange() => _hashes = new byte[Levels * TreeHash.Size];

    /// <summary>The number of leaves in the tree.</summary>
    public long Size { get; private set; }

    /// <summary>
    /// Appends a leaf hash. Calls <paramref name="completed"/> for the leaf and for every subtree it completes, smallest first.
    /// </summary>
    public void Append(ReadOnlySpan<byte> leafHash, SubtreeCompleted? completed = null)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Size];
        leafHash[..TreeHash.Size].CopyTo(hash);
        var index = Size;
        completed?.Invoke(0, index, hash);
        var level = 0;
        for (; (index & 1) == 1; level++)
        {
            TreeHash.Node(Slot(level), hash, hash);
            index >>= 1;
            completed?.Invoke(level + 1, index, hash);
        }

        hash.CopyTo(Slot(level));
        Size++;
    }

    /// <summary>Computes the root hash of the tree.</summary>
    public byte[] Root()
    {
        if (Size == 0)
        {
            return TreeHash.Empty.ToArray();
        }

        var level = BitOperations.TrailingZeroCount(Size);
        var root = Slot(level).ToArray();
        for (level++; Size >> level != 0; level++)
        {
            if (Has(level))
            {
                TreeHash.Node(Slot(level), root, root);
            }
        }

        return root;
    }

    /// <summary>Serializes the range: the size as 8 bytes, big-endian, then the hashes of the full subtrees, largest first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[sizeof(long) + (BitOperations.PopCount((ulong)Size) * TreeHash.Size)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        var rest = bytes.AsSpan(sizeof(long));
        for (var level = Levels - 1; level >= 0; level--)
        {
            if (Has(level))
            {
                Slot(level).CopyTo(rest);
                rest = rest[TreeHash.Size..];
            }
        }

        return bytes;
    }

    /// <summary>
    /// Parses the output of <see cref="ToBytes"/>. Throws <see cref="FormatException"/> if the length does not match the size.
    /// </summary>
    public static CompactRange FromBytes(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length < sizeof(long) ? -1 : BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (size < 0 || bytes.Length != sizeof(long) + (BitOperations.PopCount((ulong)size) * TreeHash.Size))
        {
            throw new FormatException("These bytes are no compact range.");
        }

        var range = new CompactRange { Size = size };
        var rest = bytes[sizeof(long)..];
        for (var level = Levels - 1; level >= 0; level--)
        {
            if (range.Has(level))
            {
                rest[..TreeHash.Size].CopyTo(range.Slot(level));
                rest = rest[TreeHash.Size..];
            }
        }

        return range;
    }

    private bool Has(int level) => ((Size >> level) & 1) == 1;

    private Span<byte> Slot(int level) => _hashes.AsSpan(level * TreeHash.Size, TreeHash.Size);
}
