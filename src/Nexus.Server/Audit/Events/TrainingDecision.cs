using Nexus.Server.Privacy.Training;

namespace Nexus.Server.Audit.Events;

/// <summary>Whether an event may be trained on, and what decided it.</summary>
/// <param name="IsAllowed">The event's <c>train_ok</c>.</param>
/// <param name="Basis">
/// The event's <c>train_basis</c>: <c>pii</c>, <c>default</c>, or <c>user</c>, <c>tenant</c>, <c>tenant_0</c> with the version of the
/// preference that decided, as in <c>user@3</c>, so that it can be looked up later.
/// </param>
internal readonly record struct TrainingDecision(bool IsAllowed, string Basis)
{
    /// <summary>Personal data was found: nothing that anybody prefers allows it.</summary>
    public static TrainingDecision PersonalData { get; } = new(false, "pii");

    /// <summary>Nobody has said anything.</summary>
    public static TrainingDecision Default { get; } = new(true, "default");

    /// <summary>
    /// The precedence of the contract, for content without personal data: the caller's own word and the subject's, of which either
    /// opt-out counts; else the tenant's; else tenant-0's; else yes. A user's opt-in beats the tenant's opt-out.
    /// </summary>
    public static TrainingDecision Decide(StoredTrainingPreference? user, StoredTrainingPreference? subject, StoredTrainingPreference? tenant, StoredTrainingPreference? tenantZero)
    {
        var person = subject is { OptOut: true } || user is null ? subject : user;
        return person is not null ? FromPreference("user", person)
            : tenant is not null ? FromPreference("tenant", tenant)
            : tenantZero is not null ? FromPreference("tenant_0", tenantZero)
            : Default;
    }

    private static TrainingDecision FromPreference(string whose, StoredTrainingPreference preference) =>
        new(!preference.OptOut, string.Create(CultureInfo.InvariantCulture, $"{whose}@{preference.Version}"));
}
