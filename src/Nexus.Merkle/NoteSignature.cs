using System.Buffers.Binary;

namespace Nexus.Merkle;

/// <summary>One signature line of a signed note: <c>— name base64(key id ‖ signature)</c>.</summary>
public sealed record NoteSignature
{
    private const string Dash = "\u2014 ";
    private readonly byte[] _signature;

    /// <summary>Creates a signature line.</summary>
    /// <param name="name">The key's name: not empty, and without white space, plus signs or control characters.</param>
    /// <param name="keyId">The key's id, read big-endian.</param>
    /// <param name="signature">The signature's bytes; at least one.</param>
    /// <exception cref="FormatException">The name is invalid or the signature is empty.</exception>
    public NoteSignature(string name, uint keyId, ReadOnlySpan<byte> signature)
    {
        if (!IsName(name))
        {
            throw new FormatException("A key's name is not empty and holds no white space, plus sign or control character.");
        }

        if (signature.IsEmpty)
        {
            throw new FormatException("A signature has at least one byte.");
        }

        (Name, KeyId, _signature) = (name, keyId, signature.ToArray());
    }

    /// <summary>The key's name. For Nexus logs this is the origin.</summary>
    public string Name { get; }

    /// <summary>The key's id, read big-endian. A hint for finding the key, not a proof.</summary>
    public uint KeyId { get; }

    /// <summary>The signature's bytes.</summary>
    public ReadOnlySpan<byte> Signature => _signature;

    /// <summary>Returns whether the name is valid in a signature line.</summary>
    public static bool IsName(string name) =>
        !string.IsNullOrEmpty(name) && !name.Any(symbol => char.IsWhiteSpace(symbol) || char.IsControl(symbol) || symbol == '+');

    /// <summary>Returns whether name, key id and signature are equal.</summary>
    public bool Equals(NoteSignature? other) =>
        other is not null
            && KeyId == other.KeyId
            && string.Equals(Name, other.Name, StringComparison.Ordinal)
            && Signature.SequenceEqual(other.Signature);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Name, KeyId);

    /// <summary>Returns the line without its newline.</summary>
    public override string ToString()
    {
        var bytes = new byte[sizeof(uint) + _signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        _signature.CopyTo(bytes, sizeof(uint));
        return $"{Dash}{Name} {Convert.ToBase64String(bytes)}";
    }

    /// <summary>Parses a line without its newline.</summary>
    /// <exception cref="FormatException">The line is not a signature line.</exception>
    internal static NoteSignature Parse(string line)
    {
        var end = line.IndexOf(' ', Math.Min(Dash.Length, line.Length));
        if (!line.StartsWith(Dash, StringComparison.Ordinal)
            || end < 0
            || !StrictText.TryBase64(line[(end + 1)..], out var bytes)
            || bytes.Length <= sizeof(uint))
        {
            throw new FormatException("A signature line reads: dash, name, base64 of a key id and a signature.");
        }

        return new NoteSignature(line[Dash.Length..end], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsSpan(sizeof(uint)));
    }
}
