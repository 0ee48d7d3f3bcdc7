using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Redaction;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Audit.Events;

/// <summary>
/// The only way to append to the log, and only within a write transaction: a mutation and its event commit together or not at
/// all. The envelope contains what the server stamped and commitments to the rest. The content contains what a caller wrote and
/// can be erased without changing a leaf. See docs/security.md for the log's contract.
/// </summary>
internal sealed class EventLog(TimeProvider time, Redactor redactor, IEnumerable<IAppendStep> steps)
{
    private const int SaltSize = 16;

    private readonly IAppendStep[] _steps = [.. steps];

    /// <summary>The maximum size of an entry in bytes.</summary>
    private const int MaxEntry = 65_535;

    /// <summary>The response for an event that exceeds the maximum entry size.</summary>
    public static Problem TooLarge { get; } =
        new(ProblemCodes.EventTooLarge, "The event is too large. The limit is 65,535 bytes of canonical JSON.");

    /// <summary>Stamps an event and appends it to the log of the session's tenant and env.</summary>
    /// <param name="session">The transaction that the event belongs to.</param>
    /// <param name="context">The actor, request, trace and gates of the event.</param>
    /// <param name="redacted">The redacted event, if redaction was done before the transaction. If null, it is done here.</param>
    /// <exception cref="ProblemException">413: the entry would exceed the maximum size.</exception>
    public async ValueTask<AppendedEvent> AppendAsync(
        WriteSession session, RequestContext context, NewEvent recorded, RedactedEvent? redacted = null)
    {
        redacted ??= Redact(context, recorded);
        var (content, log) = (redacted.Content, session.BatchState<LogBatchState>());
        var train = redacted.Found is null
            ? await DecideTrainingAsync(session, context.UserId, recorded.SubjectId)
            : TrainingDecision.PersonalData;
        var (seq, recordedAt, eventId) = (log.NextSeq, log.GetNextTime(time.GetUtcNowMicros()), Id.New());
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var entry = new EventEntry(context, session.Scope, recorded, redacted, train, salt)
        {
            Seq = seq,
            EventId = eventId,
            RecordedAt = recordedAt,
        }.ToBytes();
        if (entry.Length > MaxEntry)
        {
            throw new ProblemException(TooLarge);
        }

        var leaf = TreeHash.Leaf(entry);
        log.Add(
            [
                session.Scope.TenantId, session.Scope.Env, seq, eventId, recordedAt, recorded.EventType, context.Action, recorded.AssetType,
                redacted.AssetId,
                context.TraceId, context.UserId, recorded.SubjectId, redacted.Surface, Encoding.UTF8.GetString(entry), leaf,
                Encoding.UTF8.GetString(content), salt,
            ],
            leaf,
            recordedAt);
        var appended = new LoggedEvent(seq, recordedAt, recorded.EventType, context.TraceId, entry.Length + content.Length);
        foreach (var step in _steps)
        {
            step.OnAppended(session, appended);
        }

        return new AppendedEvent(seq, eventId, recordedAt, PiiFlagMapping.ToWire(redacted.Found), train.IsAllowed);
    }

    /// <summary>
    /// Redacts personal data from an event. Callers' events are redacted before their transaction, because they may be long.
    /// </summary>
    public RedactedEvent Redact(RequestContext context, NewEvent recorded)
    {
        var redaction = redactor.CreateSession(context.Scope.TenantId);
        var content = (JsonObject)redaction.Redact(BuildContent(context, recorded))!;
        var assetId = recorded.AssetId is { } id ? redaction.Redact(id) : null;
        return new RedactedEvent(CanonicalJson.Write(content), content["surface"]!.GetValue<string>(), assetId, redaction.Counts);
    }

    /// <summary>
    /// Returns an event without redaction. Only for statements of the service about the log itself: a signature or an origin with
    /// a character removed proves nothing. Never for anything a caller wrote.
    /// </summary>
    public static RedactedEvent WithoutRedaction(RequestContext context, NewEvent recorded) =>
        new(CanonicalJson.Write(BuildContent(context, recorded)), recorded.Surface, recorded.AssetId, null);

    /// <summary>Tells every step that contents of the write's log were erased.</summary>
    internal void NotifyContentErased(WriteSession session, long bytes)
    {
        foreach (var step in _steps)
        {
            step.OnContentErased(session, bytes);
        }
    }

    /// <summary>Whether the log's head says that anybody of the tenant and env ever stored a training preference.</summary>
    public static bool HasPreferences(WriteSession session) => session.BatchState<LogBatchState>().HasPreferences;

    /// <summary>Records in the log's head that a preference was set. From then on each append reads the preferences.</summary>
    public static void MarkPreferencesStored(WriteSession session) => session.BatchState<LogBatchState>().HasPreferences = true;

    private async ValueTask<TrainingDecision> DecideTrainingAsync(WriteSession session, string userId, string? subjectId)
    {
        foreach (var step in _steps)
        {
            if (await step.DecideTrainingAsync(session, userId, subjectId) is { } decision)
            {
                return decision;
            }
        }

        return TrainingDecision.Undecided;
    }

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
