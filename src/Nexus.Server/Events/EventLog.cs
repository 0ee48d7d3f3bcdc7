using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Gates;
using Nexus.Server.Http;
using Nexus.Redaction;
using Nexus.Server.Storage;
using Nexus.Server.Tenancy;
using Nexus.Server.TrainingPreferences;

namespace Nexus.Server.Events;

/// <summary>
/// The only way into the log, and only from a write: a mutation and its event commit together or not at all.
/// The envelope holds what the server stamped and commitments to the rest; the content holds what a caller wrote and can be erased
/// without touching a leaf (contracts of the log: docs/security.md).
/// </summary>
internal sealed class EventLog(TimeProvider time, TrainingPreferenceService preferences, Redactor redactor)
{
    private const int SaltSize = 16;

    /// <summary>The largest entry, in bytes.</summary>
    private const int MaxEntry = 65_535;

    /// <summary>An event that is larger than one entry may be.</summary>
    public static Problem TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "event.too_large", "The event is larger than the log takes: 65,535 bytes of canonical JSON.");

    /// <summary>Stamps an event and takes the next place in the log of the write's tenant and env.</summary>
    /// <param name="session">The write that the event records.</param>
    /// <param name="context">Who acts, in which request and trace, through which gates.</param>
    /// <param name="recorded">What happened.</param>
    /// <param name="redacted">What of it may be kept, where that was made before the write; it is made here otherwise.</param>
    /// <exception cref="ProblemException">413: the entry would be larger than the log takes.</exception>
    public async ValueTask<AppendedEvent> AppendAsync(WriteSession session, RequestContext context, NewEvent recorded, RedactedEvent? redacted = null)
    {
        redacted ??= Redact(context, recorded);
        var (content, log) = (redacted.Content, session.Part<LogBatch>());
        var train = redacted.Found is null ? await preferences.DecideAsync(session, log.HasPreferences, context.UserId, recorded.SubjectId) : TrainDecision.PersonalData;
        var (seq, recordedAt, eventId) = (log.NextSeq, log.NextTime(time.Micros()), Id.New());
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var entry = new EventEntry(context, session.Scope, recorded, redacted, train, salt) { Seq = seq, EventId = eventId, RecordedAt = recordedAt }.ToBytes();
        if (entry.Length > MaxEntry)
        {
            throw new ProblemException(TooLarge);
        }

        var leaf = TreeHash.Leaf(entry);
        log.Add(
            [
                session.Scope.TenantId, session.Scope.Env, seq, eventId, recordedAt, recorded.EventType, context.Action, recorded.AssetType, redacted.AssetId,
                context.TraceId, context.UserId, recorded.SubjectId, redacted.Surface, Encoding.UTF8.GetString(entry), leaf, Encoding.UTF8.GetString(content), salt,
            ],
            leaf,
            new RunStep(context.TraceId, seq, recordedAt, recorded.EventType));
        session.Part<UsageBatch>().AddEvent(entry.Length + content.Length);
        return new AppendedEvent(seq, eventId, recordedAt, PiiFlagging.ToWire(redacted.Found), train.Ok);
    }

    /// <summary>What of an event may be kept: nothing in it is personal data any more. A caller's own is redacted before its write, as it may be long.</summary>
    public RedactedEvent Redact(RequestContext context, NewEvent recorded)
    {
        var redaction = redactor.CreateSession(context.Scope.TenantId);
        var content = (JsonObject)redaction.Redact(Content(context, recorded))!;
        var assetId = recorded.AssetId is { } id ? redaction.Redact(id) : null;
        return new RedactedEvent(CanonicalJson.Write(content), content["surface"]!.GetValue<string>(), assetId, redaction.Counts);
    }

    /// <summary>
    /// An event with all its words. Only for what the service says of a log itself: a signature or an origin with a letter less proves
    /// nothing. Never for anything that a caller wrote.
    /// </summary>
    public static RedactedEvent AsItIs(RequestContext context, NewEvent recorded) =>
        new(CanonicalJson.Write(Content(context, recorded)), recorded.Surface, recorded.AssetId, null);

    /// <summary>Notes in the log's head that a preference was stored: from now on each append asks for it.</summary>
    public static void HearPreferences(WriteSession session) => session.Part<LogBatch>().HasPreferences = true;

    private static JsonObject Content(RequestContext context, NewEvent recorded)
    {
        var content = new JsonObject { ["surface"] = recorded.Surface, ["agentId"] = context.UserId };
        AddIfAny(content, "input", recorded.Input);
        AddIfAny(content, "output", recorded.Output);
        AddIfAny(content, "metadata", recorded.Metadata);
        AddIfAny(content, "subject_id", recorded.SubjectId);
        foreach (var (name, value) in recorded.Fields ?? [])
        {
            content[name] = value?.DeepClone();
        }

        return content;
    }

    private static void AddIfAny(JsonObject content, string name, JsonNode? value)
    {
        if (value is not null)
        {
            content[name] = value;
        }
    }
}
