namespace Nexus.Merkle;

/// <summary>One thing that does not hold.</summary>
/// <param name="Seq">The event it is about; null where it is about no single one.</param>
/// <param name="Code">A stable name of what is wrong, such as <c>content.changed</c>.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
public sealed record Fault(long? Seq, string Code, string Message);

/// <summary>What an export turned out to be.</summary>
public sealed record ExportReport
{
    /// <summary>The tenant whose log it is; null for an export without a readable event.</summary>
    public string? Tenant { get; init; }

    /// <summary>The env whose log it is.</summary>
    public string? Env { get; init; }

    /// <summary>The place of the first event; null where there is none.</summary>
    public long? FirstSeq { get; init; }

    /// <summary>How many lines were read.</summary>
    public required long Events { get; init; }

    /// <summary>How many contents are missing, with a receipt or without.</summary>
    public required long Erased { get; init; }

    /// <summary>How many receipts of erasure there are whose content is intact.</summary>
    public required long Receipts { get; init; }

    /// <summary>
    /// How many places receipts list though their contents are there: taken out later, these would not be missed. Right only for contents
    /// that were erased while the export was made.
    /// </summary>
    public required long Unerased { get; init; }

    /// <summary>
    /// How many contents are missing by receipts alone that are newer than every checkpoint which was found to hold: nobody has signed that
    /// these stand in the log, and a later export must have them.
    /// </summary>
    public required long Unsigned { get; init; }

    /// <summary>The type of the last event that could be read; null where there is none. An export of a whole log ends with the event that it leaves itself.</summary>
    public string? LastType { get; init; }

    /// <summary>When the newest event was recorded; null where there is none.</summary>
    public DateTimeOffset? NewestAt { get; init; }

    /// <summary>Where the log began new epochs.</summary>
    public required IReadOnlyList<EpochStart> Epochs { get; init; }

    /// <summary>The root of all entries; null where the export does not begin at 0 or is broken.</summary>
    public byte[]? Root { get; init; }

    /// <summary>The checkpoints whose tree this export was found to begin with, the smallest first.</summary>
    public required IReadOnlyList<Checkpoint> Held { get; init; }

    /// <summary>What does not hold, in the order in which it was found: the first of them where there are very many.</summary>
    public required IReadOnlyList<Fault> Faults { get; init; }

    /// <summary>How many faults there are.</summary>
    public required long FaultCount { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool Holds => FaultCount == 0;
}
