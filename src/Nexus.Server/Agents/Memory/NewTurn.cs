using System.Text;
using System.Text.Json;
using Nexus.Client;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using static Nexus.Server.Platform.Http.BodyValidation;

namespace Nexus.Server.Agents.Memory;

/// <summary>A turn whose fields have been validated.</summary>
internal sealed record NewTurn
{
    private const int MaxContentBytes = 256 << 10;
    private const int MaxSessionIdLength = 200;

    /// <summary>The session id from the path.</summary>
    public required string SessionId { get; init; }

    /// <summary><c>user</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string Role { get; init; }

    public required string Content { get; init; }

    /// <summary>The content's length in UTF-8 bytes.</summary>
    public required int ContentBytes { get; init; }

    /// <summary>A canonical JSON object.</summary>
    public required string Metadata { get; init; }

    /// <summary>The person the turn is about; null if none.</summary>
    public required string? SubjectId { get; init; }

    /// <summary>The time given by the caller, in Unix microseconds; null if none was given.</summary>
    public required long? SaidAt { get; init; }

    /// <summary>The bytes counted against the quota.</summary>
    public long Bytes => ContentBytes + Encoding.UTF8.GetByteCount(Metadata);

    /// <summary>Validates a turn posted to a session.</summary>
    /// <exception cref="ProblemException">
    /// 400 <c>context.mismatch</c> if the body names another session; 422, naming the invalid field.
    /// </exception>
    public static NewTurn Parse(string sessionId, SessionTurnRequest sent)
    {
        ValidateSessionId(sessionId);
        if (sent.SessionId is { } named && !string.Equals(named, sessionId, StringComparison.Ordinal))
        {
            throw new ProblemException(ContextResolver.Mismatch);
        }

        RequireOneOf(sent.Role, "role", "user", "agent", "system");
        var bytes = Encoding.UTF8.GetByteCount(sent.Content);
        Require(bytes is >= 1 and <= MaxContentBytes, "content", "must be 1 byte to 256 KiB of UTF-8.");
        RequirePersonId(sent.SubjectId, "subject_id");
        Require(sent.Metadata is null or { ValueKind: JsonValueKind.Object }, "metadata", "must be a JSON object.");
        return new NewTurn
        {
            SessionId = sessionId,
            Role = sent.Role,
            Content = sent.Content,
            ContentBytes = bytes,
            Metadata = sent.Metadata is { } metadata ? Encoding.UTF8.GetString(CanonicalJson.Write(metadata)) : "{}",
            SubjectId = sent.SubjectId,
            SaidAt = sent.Timestamp is { } moment ? Timestamps.ToMicros(moment) : null,
        };
    }

    /// <summary>Validates a session id. It is chosen by the caller, and limited so that it is readable in a log and in a path.</summary>
    /// <exception cref="ProblemException">422.</exception>
    public static void ValidateSessionId(string sessionId) =>
        Require(
            sessionId.Length is >= 1 and <= MaxSessionIdLength && sessionId.EnumerateRunes().All(IsVisible),
            "session_id",
            "must be 1 to 200 visible characters without white space, / or %.");

    private static bool IsVisible(Rune rune) => rune.Value is not ('/' or '%' or 0xFFFD) && Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
