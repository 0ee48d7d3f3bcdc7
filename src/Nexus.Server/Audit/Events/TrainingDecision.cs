using Nexus.Server.Privacy.Training;

namespace Nexus.Server.Audit.Events;

/// <summary>Whether an event may be used for training, and why.</summary>
/// <param name="IsAllowed">The event's <c>train_ok</c>.</param>
/// <param name="Basis">
/// The event's <c>train_basis</c>: <c>pii</c>, <c>default</c>, or <c>user</c>, <c>tenant</c> or <c>tenant_0</c> with the version
/// of the deciding preference, such as <c>user@3</c>, so that it can be looked up later.
/// </param>
internal readonly record struct TrainingDecision(bool IsAllowed, string Basis)
{
    /// <summary>Personal data was found. No preference can allow training then.</summary>
    public static TrainingDecision PersonalData { get; } = new(false, "pii");

    /// <summary>No preference applies.</summary>
    public static TrainingDecision Default { get; } = new(true, "default");

    /// <summary>
    /// Applies the contract's precedence to content without personal data. The caller's and the subject's preferences come first,
    /// and an opt-out of either counts; then the tenant's; then tenant-0's; otherwise training is allowed. A user's opt-in
    /// overrides the tenant's opt-out.
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
