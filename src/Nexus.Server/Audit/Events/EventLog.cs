using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Redaction;
using Nexus.Server.Audit.Runs;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Nexus.Server.Privacy.Training;

namespace Nexus.Server.Audit.Events;

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
    public static Problem TooLarge { get; } =
        new(ProblemCodes.EventTooLarge, "The event is too large. The limit is 65,535 bytes of canonical JSON.");

    /// <summary>Stamps an event and takes the next place in the log of the write's tenant and env.</summary>
    /// <param name="session">The write that the event records.</param>
    /// <param name="context">Who acts, in which request and trace, through which gates.</param>
    /// <param name="recorded">What happened.</param>
    /// <param name="redacted">What of it may be kept, where that was made before the write; it is made here otherwise.</param>
    /// <exception cref="ProblemException">413: the entry would be larger than the log takes.</exception>
    public async ValueTask<AppendedEvent> AppendAsync(WriteSession session, RequestContext context, NewEvent recorded, RedactedEvent? redacted = null)
    {
        redacted ??= Redact(context, recorded);
        var (content, log) = (redacted.Content, session.BatchState<LogBatchState>());
        var train = redacted.Found is null ? await preferences.DecideAsync(session, log.HasPreferences, context.UserId, recorded.SubjectId) : TrainingDecision.PersonalData;
        var (seq, recordedAt, eventId) = (log.NextSeq, log.GetNextTime(time.GetUtcNowMicros()), Id.New());
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
        session.BatchState<UsageBatchState>().AddEventBytes(entry.Length + content.Length);
        return new AppendedEvent(seq, eventId, recordedAt, PiiFlagMapping.ToWire(redacted.Found), train.IsAllowed);
    }

    /// <summary>What of an event may be kept: nothing in it is personal data any more. A caller's own is redacted before its write, as it may be long.</summary>
    public RedactedEvent Redact(RequestContext context, NewEvent recorded)
    {
        var redaction = redactor.For(context.Scope.TenantId);
        var content = (JsonObject)redaction.Of(BuildContent(context, recorded))!;
        var assetId = recorded.AssetId is { } id ? redaction.Of(id) : null;
        return new RedactedEvent(CanonicalJson.Write(content), content["surface"]!.GetValue<string>(), assetId, redaction.Found);
    }

    /// <summary>
    /// An event with all its words. Only for what the service says of a log itself: a signature or an origin with a letter less proves
    /// nothing. Never for anything that a caller wrote.
    /// </summary>
    public static RedactedEvent WithoutRedaction(RequestContext context, NewEvent recorded) =>
        new(CanonicalJson.Write(BuildContent(context, recorded)), recorded.Surface, recorded.AssetId, null);

    /// <summary>Notes in the log's head that a preference was stored: from now on each append asks for it.</summary>
    public static void MarkPreferencesStored(WriteSession session) => session.BatchState<LogBatchState>().HasPreferences = true;

    private static JsonObject BuildContent(RequestContext context, NewEvent recorded)
    {
        var content = new JsonObject { ["surface"] = recorded.Surface, ["agentId"] = context.UserId };
        AddIfPresent(content, "input", recorded.Input);
        AddIfPresent(content, "output", recorded.Output);
        AddIfPresent(content, "metadata", recorded.Metadata);
        AddIfPresent(content, "subject_id", recorded.SubjectId);
        foreach (var (name, value) in recorded.Fields ?? [])
        {
            content[name] = value?.DeepClone();
        }

        return content;
    }

    private static void AddIfPresent(JsonObject content, string name, JsonNode? value)
    {
        if (value is not null)
        {
            content[name] = value;
        }
    }
}
