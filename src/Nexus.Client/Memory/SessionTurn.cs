using System.Text.Json;

namespace Nexus.Client;

/// <summary>Request of <c>POST /nexus/memory/session/{session_id}/turn</c>.</summary>
public sealed record SessionTurnRequest
{
    /// <summary>The session. If given, it must equal the path's (otherwise 400 <c>context.mismatch</c>).</summary>
    public string? SessionId { get; init; }

    /// <summary><c>user</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The text: 1 byte to 256 KiB of UTF-8.</summary>
    public required string Content { get; init; }

    /// <summary>
    /// The time of the turn. Default: the server's time. Does not affect the order of turns, which is the order of posting.
    /// </summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>The caller's metadata; a JSON object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The person the content is about, if not the caller.</summary>
    public string? SubjectId { get; init; }
}

/// <summary>A turn of a session.</summary>
public sealed record SessionTurn
{
    /// <summary>UUIDv7, assigned by the server.</summary>
    public required string TurnId { get; init; }

    /// <summary>The session it belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary><c>user</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The text.</summary>
    public required string Content { get; init; }

    /// <summary>The time given by the caller, or the server's time.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The caller's metadata; a JSON object.</summary>
    public required JsonElement Metadata { get; init; }
}
