using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>The start of a new log epoch: the store was restored to an earlier state, and entries signed before may be lost.</summary>
/// <param name="Seq">The sequence number of the event that starts the epoch.</param>
/// <param name="Before">
/// The last checkpoint of the previous epoch, quoted by the event; its signature is not verified. Null if part of it was
/// redacted, such as an e-mail address in the log's name, or if the content was erased.
/// </param>
public sealed record EpochStart(long Seq, Checkpoint? Before)
{
    /// <summary>The type of the event that starts an epoch.</summary>
    internal const string EventType = "log_epoch_started";

    /// <summary>Parses the signed note in <c>input.checkpoint</c> of the event's content.</summary>
    /// <exception cref="FormatException">The content contains no valid signed checkpoint.</exception>
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
