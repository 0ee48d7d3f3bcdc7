using Nexus.Merkle;

namespace Nexus.Server.Audit.Transparency;

/// <summary>A checkpoint that was signed.</summary>
/// <param name="Epoch">The origin's last part.</param>
/// <param name="Size">How many events.</param>
/// <param name="KeyNumber">The newest key that signed it.</param>
/// <param name="Note">As it is served.</param>
internal sealed record SignedCheckpoint(long Epoch, long Size, long KeyNumber, string Note)
{
    /// <summary>The root of its tree.</summary>
    public byte[] Root => Checkpoint.Parse(SignedNote.Parse(Note).Text).Root.ToArray();
}
