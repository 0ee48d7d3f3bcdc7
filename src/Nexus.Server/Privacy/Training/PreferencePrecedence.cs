using Nexus.Server.Audit.Events;

namespace Nexus.Server.Privacy.Training;

/// <summary>The order in which stored preferences decide, for content without personal data.</summary>
internal static class PreferencePrecedence
{
    /// <summary>
    /// The caller's and the subject's preference, of which either opt-out counts; else the tenant's; else tenant-0's; else yes.
    /// A user's opt-in beats the tenant's opt-out.
    /// </summary>
    public static TrainingDecision Decide(
        StoredTrainingPreference? user, StoredTrainingPreference? subject, StoredTrainingPreference? tenant,
        StoredTrainingPreference? tenantZero)
    {
        var person = subject is { OptOut: true } || user is null ? subject : user;
        return person is not null ? FromPreference("user", person)
            : tenant is not null ? FromPreference("tenant", tenant)
            : tenantZero is not null ? FromPreference("tenant_0", tenantZero)
            : TrainingDecision.Default;
    }

    private static TrainingDecision FromPreference(string source, StoredTrainingPreference preference) =>
        new(!preference.OptOut, string.Create(CultureInfo.InvariantCulture, $"{source}@{preference.Version}"));
}
