using System.Diagnostics.CodeAnalysis;

namespace Nexus.Flags;

/// <summary>A definition that was read, or what is wrong with it.</summary>
/// <param name="Definition">The definition; null where there are faults.</param>
/// <param name="Faults">What is wrong, as far as it could be told.</param>
internal sealed record FlagReading(FlagDefinition? Definition, IReadOnlyList<FlagFault> Faults)
{
    /// <summary>What it counts in <see cref="FlagLimits.LayerParts"/>.</summary>
    public int Parts { get; init; } = FlagLimits.FlagParts;

    /// <summary>Whether there is a definition.</summary>
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsSound => Definition is not null;
}
