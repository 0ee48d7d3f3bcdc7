using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Returns the effective built-in flags. Viewer.</summary>
    public Task<FeatureFlags> GetFeatureFlagsAsync(CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, "feature-flags", RequestHeaders.Read, null, WireJson.Default.FeatureFlags, cancellationToken);

    /// <summary>Changes built-in flags. Admin. 422 for an invalid value.</summary>
    public Task<FeatureFlags> UpdateFeatureFlagsAsync(FeatureFlagsUpdate request, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Put,
            "feature-flags",
            RequestHeaders.Mutation,
            CreateContent(request, WireJson.Default.FeatureFlagsUpdate),
            WireJson.Default.FeatureFlags,
            cancellationToken);

    /// <summary>Lists effective flags, sorted by key; pages are fetched as needed. Viewer.</summary>
    public IAsyncEnumerable<FlagRecord> ListFlagsAsync(int? pageSize = null, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "feature-flags/definitions",
            RequestHeaders.Read,
            new QueryStringBuilder().Add("limit", pageSize),
            WireJson.Default.FlagRecordPage,
            cancellationToken);

    /// <summary>Returns the effective flag, now or at a point in the past. Viewer. 404 if it does not exist.</summary>
    /// <param name="key">Key of the flag.</param>
    /// <param name="at">The <c>seq</c> of an event in the tenant's log, or a time. Null: now.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<FlagRecord> GetFlagAsync(string key, string? at = null, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get,
            $"feature-flags/definitions/{Escape(key)}" + new QueryStringBuilder().Add("at", at),
            RequestHeaders.Read,
            null,
            WireJson.Default.FlagRecord,
            cancellationToken);

    /// <summary>
    /// Defines a flag, or overrides the state or default of a flag of tenant-0. Admin. 422 <c>flag.invalid</c> with the path of each
    /// fault.
    /// </summary>
    public Task<FlagRecord> PutFlagAsync(string key, JsonElement definition, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Put,
            $"feature-flags/definitions/{Escape(key)}",
            RequestHeaders.Mutation,
            CreateContent(definition, WireJson.Default.JsonElement),
            WireJson.Default.FlagRecord,
            cancellationToken);

    /// <summary>Removes the tenant's definition or override. Admin. 404 if there is none.</summary>
    public async Task DeleteFlagAsync(string key, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(
            HttpMethod.Delete, $"feature-flags/definitions/{Escape(key)}", RequestHeaders.Mutation, null, cancellationToken);
    }

    /// <summary>Imports all flags of a flagd file or none. Admin. 422 lists the invalid flags.</summary>
    public Task<FlagImport> ImportFlagsAsync(JsonElement file, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            "feature-flags/definitions",
            RequestHeaders.Mutation,
            CreateContent(file, WireJson.Default.JsonElement),
            WireJson.Default.FlagImport,
            cancellationToken);

    /// <summary>Returns the shared evaluators that <c>$ref</c> refers to. Viewer.</summary>
    public Task<JsonElement> GetFlagEvaluatorsAsync(CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, "feature-flags/evaluators", RequestHeaders.Read, null, WireJson.Default.JsonElement, cancellationToken);

    /// <summary>Evaluates a flag for a context and returns each step. Viewer. 404 if it does not exist.</summary>
    public Task<FlagExplanation> ExplainFlagAsync(string key, JsonElement? context = null, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"feature-flags/definitions/{Escape(key)}/explain",
            RequestHeaders.Read,
            CreateContent(new FlagExplainRequest { Context = context }, WireJson.Default.FlagExplainRequest),
            WireJson.Default.FlagExplanation, cancellationToken);
}
