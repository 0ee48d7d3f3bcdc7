namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>What counts for a person now. Viewer; another's needs admin (403).</summary>
    /// <param name="userId">The person; null is the caller.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<TrainingPreferences> GetTrainingPreferencesAsync(string? userId = null, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, "privacy/train-prefs" + new Query().Add("user_id", userId), Sends.Read, null, WireJson.Default.TrainingPreferences, cancellation);

    /// <summary>Says whether content of the tenant may be trained on. Admin.</summary>
    public Task<TrainingPreference> SetTenantPreferenceAsync(TenantPreferenceRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, "privacy/train-prefs/tenant", Sends.Mutation, Body(request, WireJson.Default.TenantPreferenceRequest), WireJson.Default.TrainingPreference, cancellation);

    /// <summary>Says whether content by or about the caller may be trained on. Member; 403 for another's id.</summary>
    public Task<TrainingPreference> SetUserPreferenceAsync(UserPreferenceRequest request, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, "privacy/train-prefs/user", Sends.Mutation, Body(request, WireJson.Default.UserPreferenceRequest), WireJson.Default.TrainingPreference, cancellation);
}
