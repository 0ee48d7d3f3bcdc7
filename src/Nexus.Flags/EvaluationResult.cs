using System.Text.Json;

namespace Nexus.Flags;

/// <summary>What a flag is for a context.</summary>
/// <param name="Key">The flag.</param>
/// <param name="Reason">One of <see cref="EvaluationReasons"/>.</param>
internal readonly record struct EvaluationResult(string Key, string Reason)
{
    /// <summary>The value; none where the caller's own default counts.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The name of the value.</summary>
    public string? Variant { get; init; }

    /// <summary>One of <see cref="EvaluationErrors"/>, with the reason <see cref="EvaluationReasons.Error"/> alone.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>A sentence with an error.</summary>
    public string? ErrorDetails { get; init; }

    /// <summary>The flag's own metadata, an object of primitives.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Where the definition comes from; null for a flag that is not there.</summary>
    public FlagOrigin? Origin { get; init; }

    /// <summary>Whether <c>$flagd.timestamp</c> was read: the same context may come to something else later.</summary>
    public bool DependsOnTime { get; init; }
}
