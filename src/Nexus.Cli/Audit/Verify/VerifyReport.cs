using System.Text.Json.Serialization;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>The result of <c>nexus audit verify</c>.</summary>
internal sealed record VerifyReport
{
    /// <summary><c>export</c>, <c>proof</c> or <c>log</c>.</summary>
    public required string What { get; init; }

    /// <summary>Whether everything that could be checked is correct.</summary>
    public bool Holds => FaultCount == 0;

    /// <summary>The tenant of the log.</summary>
    public string? Tenant { get; init; }

    public string? Env { get; init; }

    /// <summary>The seq of the first event, or of the proved event.</summary>
    public long? FirstSeq { get; init; }

    /// <summary>Number of events checked.</summary>
    public long Events { get; init; }

    /// <summary>When the newest event was recorded. Reveals a stale state.</summary>
    public DateTimeOffset? NewestAt { get; init; }

    /// <summary>Number of missing contents.</summary>
    public long Erased { get; init; }

    /// <summary>Number of valid erasure receipts.</summary>
    public long Receipts { get; init; }

    /// <summary>The root of all events, base64; null if it could not be computed.</summary>
    public string? Root { get; init; }

    /// <summary>The checkpoints that the events match.</summary>
    public required IReadOnlyList<MatchedCheckpoint> HeldAgainst { get; init; }

    /// <summary>The first 100 faults.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>Number of all faults.</summary>
    public required long FaultCount { get; init; }

    /// <summary>What was not checked, or what a person must judge.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public static VerifyReport FromExport(string what, ExportReport export, Findings findings) => new()
    {
        What = what,
        Tenant = export.Tenant,
        Env = export.Env,
        FirstSeq = export.FirstSeq,
        Events = export.Events,
        NewestAt = export.NewestAt,
        Erased = export.Erased,
        Receipts = export.Receipts,
        Root = export.Root is { } root ? Convert.ToBase64String(root) : null,
        HeldAgainst = [.. export.Held.Distinct().Select(MatchedCheckpoint.FromCheckpoint)],
        Faults = [.. findings.Faults, .. export.Faults],
        FaultCount = findings.Faults.Count + export.FaultCount,
        Warnings = findings.Warnings,
    };
}

/// <summary>A checkpoint that the events match.</summary>
internal sealed record MatchedCheckpoint(string Origin, long Size, string Root)
{
    public static MatchedCheckpoint FromCheckpoint(Checkpoint checkpoint) =>
        new(checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyReportJson : JsonSerializerContext;
