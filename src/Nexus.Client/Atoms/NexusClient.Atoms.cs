using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>
    /// Creates an atom from a raw asset, or returns the existing one. Member. 404 for an unknown asset; 422 for an unknown operation,
    /// invalid parameters or an asset that the operation cannot read.
    /// </summary>
    public Task<AtomArtifact> CreateAtomAsync(
        string rawAssetId, string opType, JsonElement? parameters = null, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"nexus/atoms/create-from-raw?raw_asset_id={Escape(rawAssetId)}&op_type={Escape(opType)}",
            RequestHeaders.Mutation,
            CreateContent(new AtomRequest { Params = parameters }, WireJson.Default.AtomRequest),
            WireJson.Default.AtomArtifact,
            cancellationToken);

    /// <summary>Returns an atom. Viewer. 404 if it does not exist.</summary>
    public Task<AtomArtifact> GetAtomAsync(string atomId, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Get, $"nexus/atoms/{Escape(atomId)}", RequestHeaders.Read, null, WireJson.Default.AtomArtifact, cancellationToken);

    /// <summary>Lists atoms, newest first, each before its parts; pages are fetched as needed. Viewer.</summary>
    /// <param name="parentAssetId">Only atoms of this asset.</param>
    /// <param name="parentAtomId">Only parts of this atom.</param>
    /// <param name="opType">Only atoms of this operation.</param>
    /// <param name="pageSize">Records per page, 1 to 100.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public IAsyncEnumerable<AtomArtifact> ListAtomsAsync(
        string? parentAssetId = null, string? parentAtomId = null, string? opType = null, int? pageSize = null,
        CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "nexus/atoms",
            RequestHeaders.Read,
            new QueryStringBuilder().Add("parent_asset_id", parentAssetId)
                .Add("parent_atom_id", parentAtomId).Add("op_type", opType).Add("limit", pageSize),
            WireJson.Default.AtomPage,
            cancellationToken);
}
