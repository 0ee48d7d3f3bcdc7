using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>What is on. Viewer.</summary>
    public Task<FeatureFlags> GetFeatureFlagsAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, "feature-flags", RequestHeaders.Read, null, WireJson.Default.FeatureFlags, cancellationToken);

    /// <summary>Turns things on and off. Admin. 422 for a value that a field cannot have.</summary>
    public Task<FeatureFlags> UpdateFeatureFlagsAsync(FeatureFlagsUpdate request, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Put, "feature-flags", RequestHeaders.Mutation, CreateContent(request, WireJson.Default.FeatureFlagsUpdate), WireJson.Default.FeatureFlags, cancellationToken);

    /// <summary>Flags as they count, by key; fetches pages as they are read. Viewer.</summary>
    public IAsyncEnumerable<FlagRecord> ListFlagsAsync(int? pageSize = null, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync("feature-flags/definitions", RequestHeaders.Read, new QueryStringBuilder().Add("limit", pageSize), WireJson.Default.FlagRecordPage, cancellationToken);

    /// <summary>A flag as it counts, or as it counted then. Viewer. 404 where there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="at">The <c>seq</c> of an event of the tenant's log, or a time; null: now.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<FlagRecord> GetFlagAsync(string key, string? at = null, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, $"feature-flags/definitions/{Escape(key)}" + new QueryStringBuilder().Add("at", at), RequestHeaders.Read, null, WireJson.Default.FlagRecord, cancellationToken);

    /// <summary>Defines a flag in flagd's shape, or changes state or default of one that tenant-0 defines. Admin. 422 <c>flag.invalid</c> with the path of each fault.</summary>
    public Task<FlagRecord> PutFlagAsync(string key, JsonElement definition, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Put, $"feature-flags/definitions/{Escape(key)}", RequestHeaders.Mutation, CreateContent(definition, WireJson.Default.JsonElement), WireJson.Default.FlagRecord, cancellationToken);

    /// <summary>Takes back what the tenant wrote of a flag. Admin. 404 where it wrote nothing.</summary>
    public async Task DeleteFlagAsync(string key, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"feature-flags/definitions/{Escape(key)}", RequestHeaders.Mutation, null, cancellationToken);
    }

    /// <summary>Imports a flagd file: all of its flags, or none. Admin. 422 names the bad ones.</summary>
    public Task<FlagImport> ImportFlagsAsync(JsonElement file, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Post, "feature-flags/definitions", RequestHeaders.Mutation, CreateContent(file, WireJson.Default.JsonElement), WireJson.Default.FlagImport, cancellationToken);

    /// <summary>The shared logic that <c>$ref</c> names. Viewer.</summary>
    public Task<JsonElement> GetFlagEvaluatorsAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, "feature-flags/evaluators", RequestHeaders.Read, null, WireJson.Default.JsonElement, cancellationToken);

    /// <summary>What a flag is for a context, and how that came about. Viewer. 404 where there is none.</summary>
    public Task<FlagExplanation> ExplainFlagAsync(string key, JsonElement? context = null, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post, $"feature-flags/definitions/{Escape(key)}/explain", RequestHeaders.Read, CreateContent(new FlagExplainRequest { Context = context }, WireJson.Default.FlagExplainRequest),
            WireJson.Default.FlagExplanation, cancellationToken);
}
