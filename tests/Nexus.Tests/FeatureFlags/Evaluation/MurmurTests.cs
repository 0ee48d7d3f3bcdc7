using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Nexus.Flags.Targeting.Functions;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class MurmurTests
{
    /// <summary>Published vectors of MurmurHash3 x86 32-bit with seed 0, and flagd-testbed's edges of the range.</summary>
    [Theory]
    [InlineData("", 0u)]
    [InlineData("a", 0x3c2569b2u)]
    [InlineData("hello", 0x248bfa47u)]
    [InlineData("hello, world", 0x149bbb7fu)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x2e4ff723u)]
    [InlineData("ejOoVL", 0u)]
    [InlineData("bY9fO-", 1u)]
    [InlineData("SI7p-", 0x7fffffffu)]
    [InlineData("6LvT0", 0x80000000u)]
    [InlineData("ceQdGm", 0xffffffffu)]
    [InlineData("Grüße 👋", 0x66f42477u)]
    public void Hash_of_text_is_the_published_one(string text, uint hash) => Murmur3.Hash(Encoding.UTF8.GetBytes(text)).ShouldBe(hash);

    [Fact]
    public void Hash_equals_that_of_the_reference() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), data => Murmur3.Hash(data) == Reference(data)).QuickCheckThrowOnFailure();

    // MurmurHash3_x86_32 as its author writes it, block by block.
    private static uint Reference(byte[] data)
    {
        const uint C1 = 0xcc9e2d51, C2 = 0x1b873593;
        uint hash = 0;
        var blocks = data.Length / 4;
        for (var block = 0; block < blocks; block++)
        {
            hash ^= BitOperations.RotateLeft(BitConverter.ToUInt32(data, block * 4) * C1, 15) * C2;
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
