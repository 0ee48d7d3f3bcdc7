using System.Text.Json;

namespace Nexus.Client;

public sealed partial class NexusClient
{
    /// <summary>Makes an atom of a raw asset, or finds the one made before. Member. 404 for an unknown asset, 422 for an unknown op, wrong params or bytes the op cannot read.</summary>
    public Task<AtomArtifact> CreateAtomAsync(string rawAssetId, string opType, JsonElement? parameters = null, CancellationToken cancellationToken = default)
        => CallAsync(
            HttpMethod.Post,
            $"nexus/atoms/create-from-raw?raw_asset_id={Escape(rawAssetId)}&op_type={Escape(opType)}",
            RequestHeaders.Mutation,
            CreateContent(new AtomRequest { Params = parameters }, WireJson.Default.AtomRequest),
            WireJson.Default.AtomArtifact,
            cancellationToken);

    /// <summary>An atom. Viewer. 404 where there is none.</summary>
    public Task<AtomArtifact> GetAtomAsync(string atomId, CancellationToken cancellationToken = default)
        => CallAsync(HttpMethod.Get, $"nexus/atoms/{Escape(atomId)}", RequestHeaders.Read, null, WireJson.Default.AtomArtifact, cancellationToken);

    /// <summary>Atoms, newest first, each before its parts; fetches pages as they are read. Viewer.</summary>
    /// <param name="parentAssetId">Only of this asset.</param>
    /// <param name="parentAtomId">Only parts of this atom.</param>
    /// <param name="opType">Only of this op.</param>
    /// <param name="pageSize">1 to 100.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public IAsyncEnumerable<AtomArtifact> ListAtomsAsync(
        string? parentAssetId = null, string? parentAtomId = null, string? opType = null, int? pageSize = null, CancellationToken cancellationToken = default)
        => EnumeratePagesAsync(
            "nexus/atoms",
            RequestHeaders.Read,
            new QueryStringBuilder().Add("parent_asset_id", parentAssetId).Add("parent_atom_id", parentAtomId).Add("op_type", opType).Add("limit", pageSize),
            WireJson.Default.AtomPage,
            cancellationToken);
}
