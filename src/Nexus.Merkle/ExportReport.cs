namespace Nexus.Merkle;

/// <summary>A problem found during verification.</summary>
/// <param name="Seq">The sequence number of the event; null if the problem does not concern a single event.</param>
/// <param name="Code">A stable code, such as <c>content.changed</c>.</param>
/// <param name="Message">A description of the problem, as a sentence.</param>
public sealed record Fault(long? Seq, string Code, string Message);

/// <summary>The result of verifying an export.</summary>
public sealed record ExportReport
{
    /// <summary>The tenant the log belongs to; null if no event could be read.</summary>
    public string? Tenant { get; init; }

    /// <summary>The env the log belongs to; null if no event could be read.</summary>
    public string? Env { get; init; }

    /// <summary>The sequence number of the first event; null if no event could be read.</summary>
    public long? FirstSeq { get; init; }

    /// <summary>The number of lines read.</summary>
    public required long Events { get; init; }

    /// <summary>The number of missing contents, with or without a receipt.</summary>
    public required long Erased { get; init; }

    /// <summary>The number of erasure receipts with intact content.</summary>
    public required long Receipts { get; init; }

    /// <summary>
    /// The number of contents that a receipt lists as erased but that are present. If one were removed later, its absence would
    /// go unnoticed. Expected only for contents that were erased while the export was running.
    /// </summary>
    public required long Unerased { get; init; }

    /// <summary>
    /// The number of missing contents that are covered only by receipts newer than every verified checkpoint. No signature covers
    /// those receipts yet, so a later export must contain them again.
    /// </summary>
    public required long Unsigned { get; init; }

    /// <summary>
    /// The type of the last readable event; null if there is none. An export of a whole log ends with the event that records the
    /// export itself.
    /// </summary>
    public string? LastType { get; init; }

    /// <summary>When the newest event was recorded; null if no event could be read.</summary>
    public DateTimeOffset? NewestAt { get; init; }

    /// <summary>The epoch starts found in the log.</summary>
    public required IReadOnlyList<EpochStart> Epochs { get; init; }

    /// <summary>The root hash of all entries; null if the export does not start at 0 or has gaps.</summary>
    public byte[]? Root { get; init; }

    /// <summary>The checkpoints that match the export, smallest first.</summary>
    public required IReadOnlyList<Checkpoint> Held { get; init; }

    /// <summary>The problems in the order they were found, at most <see cref="ExportVerifier.MaxFaults"/>.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>The total number of problems.</summary>
    public required long FaultCount { get; init; }

    /// <summary>Whether no problem was found.</summary>
    public bool Holds => FaultCount == 0;
}
