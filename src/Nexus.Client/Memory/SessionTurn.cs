using System.Text.Json;

namespace Nexus.Client;

/// <summary>What <c>POST /nexus/memory/session/{session_id}/turn</c> is asked.</summary>
public sealed record SessionTurnRequest
{
    /// <summary>The session again; where it is given it equals the path's, else 400 <c>context.mismatch</c>.</summary>
    public string? SessionId { get; init; }

    /// <summary><c>user</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string Role { get; init; }

    /// <summary>What was said: 1 byte to 256 KiB of UTF-8.</summary>
    public required string Content { get; init; }

    /// <summary>When it was said; the server's time where it is absent. Turns keep the order in which they were posted, whatever it says.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>What the caller wants to keep with the turn; a JSON object.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The person the content is about where that is not the caller.</summary>
    public string? SubjectId { get; init; }
}

/// <summary>One thing said in a session.</summary>
public sealed record SessionTurn
{
    /// <summary>UUIDv7 given by the server.</summary>
    public required string TurnId { get; init; }

    /// <summary>The session it belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary><c>user</c>, <c>agent</c> or <c>system</c>.</summary>
    public required string Role { get; init; }

    /// <summary>What was said.</summary>
    public required string Content { get; init; }

    /// <summary>When it was said, as the caller or else the server had it.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>What the caller keeps with it; a JSON object.</summary>
    public required JsonElement Metadata { get; init; }
}
