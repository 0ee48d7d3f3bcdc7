using System.Globalization;

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

    /// <summary>What may be trained on, as NDJSON to be read while it comes; dispose the stream. Its last line is <c>{"manifest":{…}}</c>; without it, it broke off. Admin.</summary>
    /// <param name="shape"><c>events</c> or <c>messages</c>.</param>
    /// <param name="from">Recorded at or after this.</param>
    /// <param name="to">Recorded before this.</param>
    /// <param name="surface">Only of this part of the product.</param>
    /// <param name="eventType">Only of this type.</param>
    /// <param name="after">Only behind this <c>seq</c>, to go on where an export broke off.</param>
    /// <param name="proofs">Whether each line proves that the signed log holds it.</param>
    /// <param name="cancellation">Ends the wait for the answer's head.</param>
    public async Task<Stream> OpenTrainingExportAsync(
        string shape = "events", DateTimeOffset? from = null, DateTimeOffset? to = null, string? surface = null, string? eventType = null,
        long? after = null, bool proofs = false, CancellationToken cancellation = default)
    {
        var query = new Query().Add("shape", shape).Add("from", from).Add("to", to).Add("surface", surface).Add("event_type", eventType)
            .Add("after", after?.ToString(CultureInfo.InvariantCulture)).Add("proofs", proofs ? "true" : null);
        var response = await SendAsync(HttpMethod.Get, "privacy/training-export" + query, Sends.Read, null, cancellation);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }

    /// <summary>Asks for a person's erasure from the tenant, in all envs. Member for themself, admin for anybody. One under way is answered again.</summary>
    public Task<ErasureState> RequestErasureAsync(string userId, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, "privacy/erasures", Sends.Mutation, Body(new ErasureRequest { UserId = userId }, WireJson.Default.ErasureRequest), WireJson.Default.ErasureState, cancellation);

    /// <summary>Approves an erasure that somebody else asked for, of somebody else. Admin.</summary>
    public Task<ErasureState> ApproveErasureAsync(string erasureId, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Post, $"privacy/erasures/{Escape(erasureId)}/approve", Sends.Mutation, null, WireJson.Default.ErasureState, cancellation);

    /// <summary>An erasure: how far it is, and what it has done. Admin, or whoever asked for it.</summary>
    public Task<Erasure> GetErasureAsync(string erasureId, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, $"privacy/erasures/{Escape(erasureId)}", Sends.Read, null, WireJson.Default.Erasure, cancellation);

    /// <summary>Erasures that were asked for in the env, newest first. Admin.</summary>
    public IAsyncEnumerable<Erasure> ListErasuresAsync(CancellationToken cancellation = default)
        => PagesAsync("privacy/erasures", Sends.Read, new Query(), WireJson.Default.ErasurePage, cancellation);

    /// <summary>All that the tenant stores of a person, a ZIP to be read while it comes; dispose the stream. Yourself, or as an admin anybody.</summary>
    /// <param name="userId">The person; null is the caller.</param>
    /// <param name="cancellation">Ends the wait for the answer's head.</param>
    public async Task<Stream> OpenSubjectExportAsync(string? userId = null, CancellationToken cancellation = default)
    {
        var response = await SendAsync(HttpMethod.Get, "privacy/subject-export" + new Query().Add("user_id", userId), Sends.Read, null, cancellation);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }
}
