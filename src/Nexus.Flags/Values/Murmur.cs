using System.Numerics;

namespace Nexus.Flags.Values;

/// <summary>
/// MurmurHash3 x86 32 with seed 0, over the characters of a text as the npm package imurmurhash takes them, which flagd-core
/// uses: of ASCII it is the hash of the bytes, as everywhere. Other characters overlap, and a tail that comes out negative
/// is left out; both are kept, so that the buckets are those of flagd-core for every key.
/// </summary>
internal static class Murmur
{
    private const int Block = 4;

    public static uint Hash(ReadOnlySpan<char> text)
    {
        uint hash = 0;
        var rest = text;
        for (; rest.Length >= Block; rest = rest[Block..])
        {
            uint last = rest[3];
            var block = rest[0] ^ ((uint)rest[1] << 8) ^ ((uint)rest[2] << 16) ^ (last << 24) ^ ((last & 0xff00) >> 8);
            hash = (BitOperations.RotateLeft(hash ^ Mixed(block), 13) * 5) + 0xe6546b64;
        }

        uint tail = 0;
        for (var index = rest.Length - 1; index >= 0; index--)
        {
            tail ^= (uint)rest[index] << (8 * index);
        }

        if ((int)tail > 0)
        {
            hash ^= Mixed(tail);
        }

        hash ^= (uint)text.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }

    private static uint Mixed(uint block) => BitOperations.RotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
}
