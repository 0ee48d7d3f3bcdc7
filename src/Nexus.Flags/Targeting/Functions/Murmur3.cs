using System.Buffers.Binary;
using System.Numerics;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>MurmurHash3 x86 32-bit with seed 0, which flagd buckets by.</summary>
internal static class Murmur3
{
    private const int BlockLength = 4;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        uint hash = 0;
        var rest = data;
        for (; rest.Length >= BlockLength; rest = rest[BlockLength..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Mix(BinaryPrimitives.ReadUInt32LittleEndian(rest)), 13) * 5) + 0xe6546b64;
        }

        uint tail = 0;
        for (var index = rest.Length - 1; index >= 0; index--)
        {
            tail = (tail << 8) | rest[index];
        }

        hash ^= Mix(tail) ^ (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mix(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
