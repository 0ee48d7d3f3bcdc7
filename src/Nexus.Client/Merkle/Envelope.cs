using System.Security.Cryptography;
using System.Text.Json;

namespace Nexus.Client.Merkle;

/// <summary>What an entry says, as far as it can be checked: its place, its time, and its commitments to the content.</summary>
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

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">It is not canonical or lacks what every entry has.</exception>
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
            }
            : throw new FormatException("The entry lacks a member that every entry has, or it is of another version.");
    }

    /// <summary>
    /// Why this entry does not commit to that content, or null where it does: the content's hash, and the ids of who acted and of whom it
    /// is about.
    /// </summary>
    public Fault? Against(byte[] content, byte[] salt)
    {
        if (!IsCommitment(ContentHash, salt, content))
        {
            return new Fault(Seq, "content.changed", "The content is not the one that the entry commits to.");
        }

        using var document = CanonicalText.Parse(content, "content");
        if (CanonicalText.Text(document.RootElement, "agentId") is not { } agent || !IsCommitment(Actor, salt, StrictText.Utf8.GetBytes(agent)))
        {
            return new Fault(Seq, "actor.changed", "The content names another actor than the entry commits to.");
        }

        var subject = CanonicalText.Text(document.RootElement, "subject_id");
        return Subject is null == subject is null && (subject is null || IsCommitment(Subject!, salt, StrictText.Utf8.GetBytes(subject)))
            ? null
            : new Fault(Seq, "subject.changed", "The content names another subject than the entry commits to.");
    }

    private static bool IsCommitment(string commitment, byte[] salt, byte[] secret) =>
        string.Equals(commitment, Convert.ToBase64String(SHA256.HashData([.. salt, .. secret])), StringComparison.Ordinal);
}
