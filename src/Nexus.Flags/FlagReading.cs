using System.Diagnostics.CodeAnalysis;

namespace Nexus.Flags;

/// <summary>A definition that was read, or what is wrong with it.</summary>
/// <param name="Definition">The definition; null if there are faults.</param>
/// <param name="Faults">Everything that is wrong.</param>
public sealed record FlagReading(FlagDefinition? Definition, IReadOnlyList<FlagFault> Faults)
{
    /// <summary>What the flag counts in <see cref="FlagLimits.MaxLayerParts"/>.</summary>
    public int Parts { get; init; } = FlagLimits.FlagParts;

    /// <summary>Whether there is a definition.</summary>
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsValid => Definition is not null;
}

/// <summary>What is wrong with a definition, and where.</summary>
/// <param name="Path">JSON pointer (RFC 6901) into what was read.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record FlagFault(string Path, string Message);
