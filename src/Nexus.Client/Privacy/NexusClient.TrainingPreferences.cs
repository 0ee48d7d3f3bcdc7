using System.Globalization;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>What counts for a person now. Viewer; another's needs admin (403).</summary>
    /// <param name="userId">The person; null is the caller.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<TrainingPreferences> GetTrainingPreferencesAsync(string? userId = null, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, "privacy/train-prefs" + new QueryStringBuilder().Add("user_id", userId), RequestHeaders.Read, null, WireJson.Default.TrainingPreferences, cancellationToken);

    /// <summary>Says whether content of the tenant may be trained on. Admin.</summary>
    public Task<TrainingPreference> SetTenantPreferenceAsync(TenantPreferenceRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, "privacy/train-prefs/tenant", RequestHeaders.Mutation, CreateContent(request, WireJson.Default.TenantPreferenceRequest), WireJson.Default.TrainingPreference, cancellationToken);

    /// <summary>Says whether content by or about the caller may be trained on. Member; 403 for another's id.</summary>
    public Task<TrainingPreference> SetUserPreferenceAsync(UserPreferenceRequest request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, "privacy/train-prefs/user", RequestHeaders.Mutation, CreateContent(request, WireJson.Default.UserPreferenceRequest), WireJson.Default.TrainingPreference, cancellationToken);

    /// <summary>What may be trained on, as NDJSON to be read while it comes; dispose the stream. Its last line is <c>{"manifest":{…}}</c>; without it, it broke off. Admin.</summary>
    /// <param name="shape"><c>events</c> or <c>messages</c>.</param>
    /// <param name="from">Recorded at or after this.</param>
    /// <param name="to">Recorded before this.</param>
    /// <param name="surface">Only of this part of the product.</param>
    /// <param name="eventType">Only of this type.</param>
    /// <param name="after">Only behind this <c>seq</c>, to go on where an export broke off.</param>
    /// <param name="proofs">Whether each line proves that the signed log holds it.</param>
    /// <param name="cancellationToken">Ends the wait for the answer's head.</param>
    public async Task<Stream> OpenTrainingExportAsync(
        string shape = "events", DateTimeOffset? from = null, DateTimeOffset? to = null, string? surface = null, string? eventType = null,
        long? after = null, bool proofs = false, CancellationToken cancellationToken = default)
    {
        var query = new QueryStringBuilder().Add("shape", shape).Add("from", from).Add("to", to).Add("surface", surface).Add("event_type", eventType)
            .Add("after", after?.ToString(CultureInfo.InvariantCulture)).Add("proofs", proofs ? "true" : null);
        var response = await SendAsync(HttpMethod.Get, "privacy/training-export" + query, RequestHeaders.Read, null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }
}
