using System.Text.Json;

namespace Nexus.Flags;

/// <summary>The result of a flag for a context.</summary>
/// <param name="Key">The flag's key.</param>
/// <param name="Reason">One of <see cref="EvaluationReasons"/>.</param>
public readonly record struct EvaluationResult(string Key, string Reason)
{
    /// <summary>The variant's value; null if the caller's own default holds.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>The variant's name; null if the caller's own default holds.</summary>
    public string? Variant { get; init; }

    /// <summary>One of <see cref="EvaluationErrors"/>, only with <see cref="EvaluationReasons.Error"/>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>A sentence about the error.</summary>
    public string? ErrorDetails { get; init; }

    /// <summary>The flag's own metadata, an object of strings, numbers and booleans.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Where the definition comes from; null if there is no such flag.</summary>
    public FlagOrigin? Origin { get; init; }

    /// <summary>Whether <c>$flagd.timestamp</c> was read, so that the same context may give another result later.</summary>
    public bool DependsOnTime { get; init; }
}
