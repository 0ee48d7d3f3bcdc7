namespace Nexus.Tests.Merkle;

/// <summary>Compares byte arrays by content.</summary>
internal sealed class Bytes : IEqualityComparer<byte[]>
{
    public static readonly Bytes Comparer = new();

    public bool Equals(byte[]? left, byte[]? right) => left.AsSpan().SequenceEqual(right);

    public int GetHashCode(byte[] bytes) => bytes.Length;
}
