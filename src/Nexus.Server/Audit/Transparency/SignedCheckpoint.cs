using Nexus.Merkle;

namespace Nexus.Server.Audit.Transparency;

/// <summary>A signed checkpoint.</summary>
/// <param name="Epoch">The last part of the origin.</param>
/// <param name="Size">The number of events.</param>
/// <param name="KeyNumber">The number of the newest key that signed it.</param>
/// <param name="Note">The note as served.</param>
internal sealed record SignedCheckpoint(long Epoch, long Size, long KeyNumber, string Note)
{
    /// <summary>The root hash of the tree.</summary>
    public byte[] Root => Checkpoint.Parse(SignedNote.Parse(Note).Text).Root.ToArray();
}
