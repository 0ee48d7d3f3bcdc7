using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>What is on. Viewer.</summary>
    public Task<FeatureFlags> GetFeatureFlagsAsync(CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, "feature-flags", Sends.Read, null, WireJson.Default.FeatureFlags, cancellation);

    /// <summary>Turns things on and off. Admin. 422 for a value that a field cannot have.</summary>
    public Task<FeatureFlags> UpdateFeatureFlagsAsync(FeatureFlagsUpdate request, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Put, "feature-flags", Sends.Mutation, Body(request, WireJson.Default.FeatureFlagsUpdate), WireJson.Default.FeatureFlags, cancellation);

    /// <summary>Flags as they count, by key; fetches pages as they are read. Viewer.</summary>
    public IAsyncEnumerable<FlagRecord> ListFlagsAsync(int? pageSize = null, CancellationToken cancellation = default)
        => PagesAsync("feature-flags/definitions", Sends.Read, new Query().Add("limit", pageSize), WireJson.Default.FlagRecordPage, cancellation);

    /// <summary>A flag as it counts, or as it counted then. Viewer. 404 where there is none.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="at">The <c>seq</c> of an event of the tenant's log, or a time; null: now.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<FlagRecord> GetFlagAsync(string key, string? at = null, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, $"feature-flags/definitions/{Escape(key)}" + new Query().Add("at", at), Sends.Read, null, WireJson.Default.FlagRecord, cancellation);

    /// <summary>Defines a flag in flagd's shape, or changes state or default of one that tenant-0 defines. Admin. 422 <c>flag.invalid</c> with the path of each fault.</summary>
    public Task<FlagRecord> PutFlagAsync(string key, JsonElement definition, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Put, $"feature-flags/definitions/{Escape(key)}", Sends.Mutation, Body(definition, WireJson.Default.JsonElement), WireJson.Default.FlagRecord, cancellation);

    /// <summary>Takes back what the tenant wrote of a flag. Admin. 404 where it wrote nothing.</summary>
    public async Task DeleteFlagAsync(string key, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Delete, $"feature-flags/definitions/{Escape(key)}", Sends.Mutation, null, cancellation);
    }

    /// <summary>Imports a flagd file: all of its flags, or none. Admin. 422 names the bad ones.</summary>
    public Task<FlagImport> ImportFlagsAsync(JsonElement file, CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Post, "feature-flags/definitions", Sends.Mutation, Body(file, WireJson.Default.JsonElement), WireJson.Default.FlagImport, cancellation);

    /// <summary>The shared logic that <c>$ref</c> names. Viewer.</summary>
    public Task<JsonElement> GetFlagEvaluatorsAsync(CancellationToken cancellation = default)
        => CallAsync(HttpMethod.Get, "feature-flags/evaluators", Sends.Read, null, WireJson.Default.JsonElement, cancellation);

    /// <summary>What a flag is for a context, and how that came about. Viewer. 404 where there is none.</summary>
    public Task<FlagExplanation> ExplainFlagAsync(string key, JsonElement? context = null, CancellationToken cancellation = default)
        => CallAsync(
            HttpMethod.Post, $"feature-flags/definitions/{Escape(key)}/explain", Sends.Read, Body(new FlagExplainRequest { Context = context }, WireJson.Default.FlagExplainRequest),
            WireJson.Default.FlagExplanation, cancellation);
}
