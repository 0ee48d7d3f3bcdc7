namespace Nexus.Client;

/// <summary>The settings of one kind. Settings are cards.</summary>
public sealed record SettingsCards
{
    /// <summary>The cards, newest first.</summary>
    public required IReadOnlyList<Card> Items { get; init; }
}
