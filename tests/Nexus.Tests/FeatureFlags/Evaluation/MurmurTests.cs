using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Flags.Values;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class MurmurTests
{
    [Theory]
    [InlineData("", 0u)]
    [InlineData("hello", 0x248bfa47u)]
    [InlineData("hello, world", 0x149bbb7fu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x2e4ff723u)]
    public void The_hash_of_a_text_is_the_published_one(string text, uint hash) => Murmur.Hash(text).ShouldBe(hash);

    [Fact]
    public void Of_ASCII_it_is_the_hash_of_the_bytes() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<string>>(),
            text =>
            {
                var ascii = new string([.. text.Get.Select(character => (char)(character & 0x7f))]);
                return Murmur.Hash(ascii) == Reference(Encoding.ASCII.GetBytes(ascii));
            }).QuickCheckThrowOnFailure();

    // MurmurHash3_x86_32 as its author writes it, block by block.
    private static uint Reference(byte[] data)
    {
        const uint C1 = 0xcc9e2d51, C2 = 0x1b873593;
        uint hash = 0;
        var blocks = data.Length / 4;
        for (var block = 0; block < blocks; block++)
        {
            var k = BitConverter.ToUInt32(data, block * 4) * C1;
            hash ^= BitOperations.RotateLeft(k, 15) * C2;
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        uint tail = 0;
        for (var index = data.Length - 1; index >= blocks * 4; index--)
        {
            tail = (tail << 8) | data[index];
        }

        hash ^= BitOperations.RotateLeft(tail * C1, 15) * C2;
        hash ^= (uint)data.Length;
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
