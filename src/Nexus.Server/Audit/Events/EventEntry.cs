using System.Text;
using Nexus.Merkle;
using Nexus.Redaction;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// The envelope of an event: what the server stamps, and commitments to the rest. Its canonical JSON is the log entry and is kept
/// forever. Every write creates one while others wait, so the members are written directly, in canonical order.
/// </summary>
internal readonly ref struct EventEntry(
    RequestContext context, Scope scope, NewEvent recorded, RedactedEvent redacted, TrainingDecision train, ReadOnlySpan<byte> salt)
{
    private readonly ReadOnlySpan<byte> _salt = salt;

    /// <summary>The position in the log.</summary>
    public required long Seq { get; init; }

    public required string EventId { get; init; }

    /// <summary>Unix microseconds.</summary>
    public required long RecordedAt { get; init; }

    /// <summary>Returns the entry as canonical JSON.</summary>
    public byte[] ToBytes()
    {
        using var writer = new CanonicalWriter();
        writer.Raw("{\"action\":"u8);
        writer.String(context.Action);
        writer.Raw(",\"actor\":"u8);
        WriteCommitment(writer, Encoding.UTF8.GetBytes(context.UserId));
        WriteText(writer, ",\"actor_type\":"u8, context.ActorType);
        WriteText(writer, ",\"asset_id\":"u8, redacted.AssetId);
        WriteText(writer, ",\"asset_type\":"u8, recorded.AssetType);
        writer.Raw(",\"content_hash\":"u8);
        WriteCommitment(writer, redacted.Content);
        WriteText(writer, ",\"env\":"u8, scope.Env);
        WriteText(writer, ",\"event_id\":"u8, EventId);
        WriteText(writer, ",\"event_type\":"u8, recorded.EventType);
        writer.Raw(",\"gates\":["u8);
        for (var i = 0; i < context.Gates.Count; i++)
        {
            WriteText(writer, i == 0 ? [] : ","u8, context.Gates[i]);
        }

        writer.Raw("],\"pii_flags\":["u8);
        WriteFlags(writer, redacted.Found);
        WriteNumber(writer, "],\"recorded_at\":"u8, RecordedAt);
        WriteText(writer, ",\"request_id\":"u8, context.RequestId);
        WriteNumber(writer, ",\"seq\":"u8, Seq);
        writer.Raw(",\"subject\":"u8);
        WriteCommitment(writer, recorded.SubjectId is { } subject ? Encoding.UTF8.GetBytes(subject) : null);
        WriteText(writer, ",\"tenant\":"u8, scope.TenantId);
        WriteText(writer, ",\"trace_id\":"u8, context.TraceId);
        WriteText(writer, ",\"train_basis\":"u8, train.Basis);
        writer.Raw(train.IsAllowed ? ",\"train_ok\":true,\"v\":1}"u8 : ",\"train_ok\":false,\"v\":1}"u8);
        return writer.Written.ToArray();
    }

    private static void WriteFlags(CanonicalWriter writer, PiiCounts? found)
    {
        var isFirst = true;
        foreach (var (kind, count) in found?.ByKind ?? [])
        {
            WriteNumber(writer, isFirst ? "{\"count\":"u8 : ",{\"count\":"u8, count);
            WriteText(writer, ",\"kind\":"u8, kind.Flag());
            writer.Byte('}');
            isFirst = false;
        }
    }

    private static void WriteText(CanonicalWriter writer, ReadOnlySpan<byte> before, string? text)
    {
        writer.Raw(before);
        if (text is null)
        {
            writer.Raw("null"u8);
        }
        else
        {
            writer.String(text);
        }
    }

    private static void WriteNumber(CanonicalWriter writer, ReadOnlySpan<byte> before, long number)
    {
        writer.Raw(before);
        writer.Number(number);
    }

    /// <summary>Writes a salted hash. Once the salt is erased, the value cannot be guessed.</summary>
    private void WriteCommitment(CanonicalWriter writer, byte[]? secret)
    {
        if (secret is null)
        {
            writer.Raw("null"u8);
            return;
        }

        writer.String(Commitment.Compute(_salt, secret));
    }
}
