using Nexus.Client.Merkle;

namespace Nexus.Server.Log;

/// <summary>A checkpoint that was signed. Of two the one of the later epoch, then the larger size, then the newer key is the newer.</summary>
/// <param name="Epoch">The origin's last part.</param>
/// <param name="Size">How many events.</param>
/// <param name="KeyNumber">The newest key that signed it.</param>
/// <param name="Note">As it is served.</param>
internal sealed record SignedCheckpoint(long Epoch, long Size, long KeyNumber, string Note) : IComparable<SignedCheckpoint>
{
    /// <summary>The root of its tree.</summary>
    public byte[] Root => Checkpoint.Parse(SignedNote.Parse(Note).Text).Root.ToArray();

    /// <inheritdoc />
    public int CompareTo(SignedCheckpoint? other) => other is null ? 1 : (Epoch, Size, KeyNumber).CompareTo((other.Epoch, other.Size, other.KeyNumber));
}
