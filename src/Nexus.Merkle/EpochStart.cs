using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>
/// Where a log began a new epoch: its store had been taken back to an earlier moment, and what was signed before may be gone in part.
/// </summary>
/// <param name="Seq">The event that says so.</param>
/// <param name="Before">
/// The last checkpoint of the epoch before; the event quotes it, and its signature is not checked. Null where a part of it, such as an
/// address in the log's name, was redacted, or where the content was erased.
/// </param>
public sealed record EpochStart(long Seq, Checkpoint? Before)
{
    /// <summary>The type of such an event.</summary>
    internal const string EventType = "log_epoch_started";

    /// <summary>Reads <c>input.checkpoint</c> of such an event's content: a signed note.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    internal static EpochStart Parse(byte[] content, Envelope envelope)
    {
        using var document = CanonicalText.Parse(content, "content");
        if (envelope.IsRedacted)
        {
            return new EpochStart(envelope.Seq, null);
        }

        return CanonicalText.Input(document, "checkpoint") is { ValueKind: JsonValueKind.String } note
            ? new EpochStart(envelope.Seq, Checkpoint.Parse(SignedNote.Parse(note.GetString()!).Text))
            : throw new FormatException("The start of an epoch does not quote a checkpoint.");
    }
}
