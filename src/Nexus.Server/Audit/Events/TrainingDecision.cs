namespace Nexus.Server.Audit.Events;

/// <summary>Whether an event may be used for training, and why.</summary>
/// <param name="IsAllowed">The event's <c>train_ok</c>.</param>
/// <param name="Basis">
/// The event's <c>train_basis</c>: <c>pii</c>, <c>default</c>, <c>undecided</c>, or <c>user</c>, <c>tenant</c>, <c>tenant_0</c> with the
/// version of the preference that decided, as in <c>user@3</c>, so that it can be looked up later.
/// </param>
internal readonly record struct TrainingDecision(bool IsAllowed, string Basis)
{
    /// <summary>Personal data was found: no preference allows training on it.</summary>
    public static TrainingDecision PersonalData { get; } = new(false, "pii");

    /// <summary>No preference is stored.</summary>
    public static TrainingDecision Default { get; } = new(true, "default");

    /// <summary>No step decided, which is never taken for a yes.</summary>
    public static TrainingDecision Undecided { get; } = new(false, "undecided");
}
