using System.Text.Json.Serialization;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>What <c>nexus audit verify</c> found.</summary>
internal sealed record VerifyReport
{
    /// <summary><c>export</c>, <c>proof</c> or <c>log</c>.</summary>
    public required string What { get; init; }

    /// <summary>Whether nothing is wrong with what could be checked.</summary>
    public bool Holds => FaultCount == 0;

    /// <summary>Whose log it is.</summary>
    public string? Tenant { get; init; }

    /// <summary>Of which env.</summary>
    public string? Env { get; init; }

    /// <summary>The place of the first event, or of the one that is proved.</summary>
    public long? FirstSeq { get; init; }

    /// <summary>How many events were checked.</summary>
    public long Events { get; init; }

    /// <summary>When the newest event was recorded: a state of long ago shows by it.</summary>
    public DateTimeOffset? NewestAt { get; init; }

    /// <summary>How many contents are missing.</summary>
    public long Erased { get; init; }

    /// <summary>How many receipts of erasure were found whole.</summary>
    public long Receipts { get; init; }

    /// <summary>The root of all events, base64; null where it could not be computed.</summary>
    public string? Root { get; init; }

    /// <summary>The checkpoints that the events were found to agree with.</summary>
    public required IReadOnlyList<MatchedCheckpoint> HeldAgainst { get; init; }

    /// <summary>What does not hold; the first hundred.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>How many faults there are.</summary>
    public required long FaultCount { get; init; }

    /// <summary>What was not checked, or needs a person's judgement.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>A report on an export, with what else was found.</summary>
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

/// <summary>A checkpoint, for people and programs to read.</summary>
internal sealed record MatchedCheckpoint(string Origin, long Size, string Root)
{
    public static MatchedCheckpoint FromCheckpoint(Checkpoint checkpoint) => new(checkpoint.Origin, checkpoint.Size, Convert.ToBase64String(checkpoint.Root));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyReportJson : JsonSerializerContext;
