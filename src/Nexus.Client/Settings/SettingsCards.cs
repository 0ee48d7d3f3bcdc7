namespace Nexus.Client;

/// <summary>The settings of one kind. Settings are cards.</summary>
public sealed record SettingsCards
{
    /// <summary>The cards, newest first; empty where none was posted.</summary>
    public required IReadOnlyList<Card> Items { get; init; }
}
