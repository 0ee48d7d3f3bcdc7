using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>
/// Reads an asset and runs an op on it, outside of any transaction. Concurrency is limited to the number of processors, because
/// each run holds its asset in memory.
/// </summary>
internal sealed class AtomPlanner(Database database, IBlobStore blobs) : IDisposable
{
    private readonly SemaphoreSlim _concurrency = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Plans the atom for a request. Runs the op unless the atom already exists.</summary>
    /// <exception cref="ProblemException">404 for an unknown asset, 422 <c>atom.unreadable</c> or <c>atom.params</c>.</exception>
    public async ValueTask<PlannedAtom> PlanAsync(Scope scope, string assetId, IAtomOp op, AtomParams parameters, CancellationToken cancellationToken)
    {
        var atomId = AtomIds.Create(scope, assetId, op, parameters);
        var asset = await database.ReadAsync(scope, session => RawAssetStore.FindAsync(session, assetId), cancellationToken) ?? throw new ProblemException(Problem.NotFound);
        var uri = blobs.GetUri(asset.GetBlobKey(scope));
        if (await database.ReadAsync(scope, session => AtomStore.FindAsync(session, atomId), cancellationToken) is not null)
        {
            return new PlannedAtom(atomId, asset, uri, op, parameters, null);
        }

        AtomOpRegistry.ValidateAsset(op, asset.ContentType, asset.SizeBytes);
        await _concurrency.WaitAsync(cancellationToken);
        try
        {
            var bytes = op.MaxBytes == 0 ? [] : await ReadBytesAsync(scope, asset, cancellationToken);
            return new PlannedAtom(atomId, asset, uri, op, parameters, op.Run(new OpInput(bytes, asset.ContentType, parameters), cancellationToken));
        }
        finally
        {
            _concurrency.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _concurrency.Dispose();

    private async ValueTask<byte[]> ReadBytesAsync(Scope scope, RawAssetRow asset, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(asset.GetBlobKey(scope), cancellationToken) is not { } blob)
        {
            // If the asset was deleted since its row was read, this is a 404. If the bytes are lost, that must not look like a 404.
            throw await database.ReadAsync(scope, session => RawAssetStore.FindAsync(session, asset.AssetId), cancellationToken) is null
                ? new ProblemException(Problem.NotFound)
                : new StoreUnavailableException("An asset's bytes are missing.");
        }

        await using (blob)
        {
            var bytes = new byte[asset.SizeBytes];
            await blob.Content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
    }
}
