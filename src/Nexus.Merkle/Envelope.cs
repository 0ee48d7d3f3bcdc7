using System.Text.Json;

namespace Nexus.Merkle;

/// <summary>The parts of a log entry that can be verified: its sequence number, its time, and its commitments to the content.</summary>
internal sealed record Envelope
{
    private const int MaxSize = 65_535;

    public required long Seq { get; init; }

    public required long RecordedAt { get; init; }

    public required string Tenant { get; init; }

    public required string Env { get; init; }

    public required string EventType { get; init; }

    public required string Actor { get; init; }

    public required string? Subject { get; init; }

    public required string ContentHash { get; init; }

    /// <summary>Whether personal data was redacted from the content before it was stored.</summary>
    public required bool IsRedacted { get; init; }

    /// <summary>Parses an entry.</summary>
    /// <exception cref="FormatException">The entry is not canonical JSON or lacks a required field.</exception>
    public static Envelope Parse(byte[] entry)
    {
        if (entry.Length > MaxSize)
        {
            throw new FormatException("The entry is larger than a log takes.");
        }

        using var document = CanonicalText.Parse(entry, "entry");
        var root = document.RootElement;
        return CanonicalText.Number(root, "v") == 1
            && CanonicalText.Number(root, "seq") is { } seq
            && CanonicalText.Number(root, "recorded_at") is { } recordedAt
            && CanonicalText.Text(root, "tenant") is { } tenant
            && CanonicalText.Text(root, "env") is { } env
            && CanonicalText.Text(root, "event_type") is { } eventType
            && CanonicalText.Text(root, "actor") is { } actor
            && CanonicalText.Text(root, "content_hash") is { } contentHash
            && root.TryGetProperty("subject", out var subject) && subject.ValueKind is JsonValueKind.Null or JsonValueKind.String
            ? new Envelope
            {
                Seq = seq,
                RecordedAt = recordedAt,
                Tenant = tenant,
                Env = env,
                EventType = eventType,
                Actor = actor,
                Subject = subject.GetString(),
                ContentHash = contentHash,
                IsRedacted = root.TryGetProperty("pii_flags", out var flags)
                    && flags.ValueKind == JsonValueKind.Array
                    && flags.GetArrayLength() > 0,
            }
            : throw new FormatException("The entry lacks a member that every entry has, or it is of another version.");
    }

    /// <summary>
    /// Returns the fault if this entry does not commit to the content, or null if it does. Checks the content's hash and the ids
    /// of the actor and the subject.
    /// </summary>
    public Fault? Against(byte[] content, byte[] salt)
    {
        if (!IsCommitment(ContentHash, salt, content))
        {
            return new Fault(Seq, "content.changed", "The content is not the one that the entry commits to.");
        }

        using var document = CanonicalText.Parse(content, "content");
        if (CanonicalText.Text(document.RootElement, "agentId") is not { } agent || !Names(Actor, salt, agent))
        {
            return new Fault(Seq, "actor.changed", "The content names another actor than the entry commits to.");
        }

        var subject = CanonicalText.Text(document.RootElement, "subject_id");
        return Subject is null == subject is null && (subject is null || Names(Subject!, salt, subject))
            ? null
            : new Fault(Seq, "subject.changed", "The content names another subject than the entry commits to.");
    }

    /// <summary>
    /// Returns whether the commitment is to that id. An id that was personal data, such as an e-mail address, is redacted in the
    /// content while the entry still commits to the original. Then it cannot be verified, and the content hash has to suffice.
    /// </summary>
    private bool Names(string commitment, byte[] salt, string id) =>
        IsCommitment(commitment, salt, StrictText.Utf8.GetBytes(id)) || (IsRedacted && HoldsPlaceholder(id));

    /// <summary>Returns whether the text contains a placeholder such as <c>[EMAIL]</c> or <c>[EMAIL:3f9a]</c>.</summary>
    private static bool HoldsPlaceholder(ReadOnlySpan<char> text)
    {
        for (var open = text.IndexOf('['); open >= 0; open = text.IndexOf('['))
        {
            text = text[(open + 1)..];
            var end = text.IndexOfAnyExceptInRange('A', 'Z'); // -1 if nothing follows
            if (end > 1 && (text[end] is ']' or ':' or '_'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCommitment(string commitment, byte[] salt, byte[] secret) =>
        string.Equals(commitment, Commitment.Compute(salt, secret), StringComparison.Ordinal);
}
