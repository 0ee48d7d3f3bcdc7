using System.Buffers;
using System.Security.Cryptography;

namespace Nexus.Merkle;

/// <summary>The hash functions of an RFC 6962 Merkle tree (section 2.1). The prefix byte separates leaves from nodes.</summary>
public static class TreeHash
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private static readonly byte[] _emptyRoot = SHA256.HashData([]);

    /// <summary>The root hash of the empty tree: SHA-256 of the empty string.</summary>
    public static ReadOnlySpan<byte> Empty => _emptyRoot;

    /// <summary>Writes SHA-256(0x00 ‖ entry) to the first <see cref="Size"/> bytes of the destination.</summary>
    public static void Leaf(ReadOnlySpan<byte> entry, Span<byte> destination)
    {
        const int Small = 2048;
        var length = entry.Length + 1;
        var rented = length > Small ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> input = rented is null ? stackalloc byte[Small] : rented;
        input = input[..length];
        input[0] = 0;
        entry.CopyTo(input[1..]);
        SHA256.HashData(input, destination);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Returns SHA-256(0x00 ‖ entry).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        var hash = new byte[Size];
        Leaf(entry, hash);
        return hash;
    }

    /// <summary>Writes SHA-256(0x01 ‖ left ‖ right) to the destination, which may overlap either operand.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Size)];
        input[0] = 1;
        left[..Size].CopyTo(input[1..]);
        right[..Size].CopyTo(input[(1 + Size)..]);
        SHA256.HashData(input, destination);
    }

    /// <summary>Returns whether every item has the length of a hash, and there are at most 128: two per level of the tree.</summary>
    internal static bool AreHashes(IReadOnlyList<byte[]> hashes) => hashes.Count <= 128 && hashes.All(hash => hash is { Length: Size });
}
