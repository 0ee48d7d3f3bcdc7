using System.Globalization;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns the effective training preference of a person. Viewer for oneself, admin for others.</summary>
    /// <param name="userId">The person. Null: the caller.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<TrainingPreferences> GetTrainingPreferencesAsync(string? userId = null, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            "privacy/train-prefs" + new QueryStringBuilder().Add("user_id", userId),
            RequestHeaders.Read,
            null,
            WireJson.Default.TrainingPreferences,
            cancellationToken);

    /// <summary>Sets the tenant's training preference. Admin.</summary>
    public Task<TrainingPreference> SetTenantPreferenceAsync(TenantPreferenceRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "privacy/train-prefs/tenant",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.TenantPreferenceRequest),
            WireJson.Default.TrainingPreference,
            cancellationToken);

    /// <summary>Sets the caller's training preference. Member. 403 for another user's id.</summary>
    public Task<TrainingPreference> SetUserPreferenceAsync(UserPreferenceRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "privacy/train-prefs/user",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.UserPreferenceRequest),
            WireJson.Default.TrainingPreference,
            cancellationToken);

    /// <summary>
    /// Exports the events that may be used for training, as an NDJSON stream. Dispose the stream. The last line is
    /// <c>{"manifest":{…}}</c>; if it is missing, the export is incomplete. Admin.
    /// </summary>
    /// <param name="shape"><c>events</c> or <c>messages</c>.</param>
    /// <param name="from">Recorded at or after this time.</param>
    /// <param name="to">Recorded before this time.</param>
    /// <param name="surface">Only events of this surface.</param>
    /// <param name="eventType">Only events of this type.</param>
    /// <param name="after">Only events after this <c>seq</c>, to resume an incomplete export.</param>
    /// <param name="proofs">Whether each line includes a proof that the signed log contains it.</param>
    /// <param name="cancellationToken">Cancels the request, not the stream.</param>
    public async Task<Stream> OpenTrainingExportAsync(
        string shape = "events", DateTimeOffset? from = null, DateTimeOffset? to = null, string? surface = null, string? eventType = null,
        long? after = null, bool proofs = false, CancellationToken cancellationToken = default)
    {
        var query = new QueryStringBuilder().Add("shape", shape).Add("from", from).Add("to", to)
            .Add("surface", surface).Add("event_type", eventType)
            .Add("after", after?.ToString(CultureInfo.InvariantCulture)).Add("proofs", proofs ? "true" : null);
        var response = await SendAsync(HttpMethod.Get, "privacy/training-export" + query, RequestHeaders.Read, null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }
}
