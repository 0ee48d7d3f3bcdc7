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

    /// <summary>Finds out what the atom of a request is; runs the op unless the atom is there. Null: there is no such asset.</summary>
    /// <exception cref="ProblemException">422 <c>atom.unreadable</c> or <c>atom.params</c>.</exception>
    public async ValueTask<PlannedAtom?> PlanAsync(
        Scope scope, string assetId, IAtomOp op, AtomParams parameters, CancellationToken cancellationToken)
    {
        var atomId = AtomIds.Create(scope, assetId, op, parameters);
        if (await database.ReadAsync(scope, session => RawAssetStore.FindAsync(session, assetId), cancellationToken) is not { } asset)
        {
            return null;
        }

        var uri = blobs.GetUri(asset.GetBlobKey(scope));
        if (await database.ReadAsync(scope, session => AtomStore.FindAsync(session, atomId), cancellationToken) is not null)
        {
            return new PlannedAtom(atomId, asset, uri, op, parameters, null);
        }

        AtomOpRegistry.ValidateAsset(op, asset.ContentType, asset.SizeBytes);
        await _concurrency.WaitAsync(cancellationToken);
        try
        {
            return (op.MaxBytes == 0 ? [] : await ReadBytesAsync(scope, asset, cancellationToken)) is { } bytes
                ? new PlannedAtom(
                    atomId, asset, uri, op, parameters, op.Run(new OpInput(bytes, asset.ContentType, parameters), cancellationToken))
                : null;
        }
        finally
        {
            _concurrency.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _concurrency.Dispose();

    private async ValueTask<byte[]?> ReadBytesAsync(Scope scope, RawAssetRow asset, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(asset.GetBlobKey(scope), cancellationToken) is not { } blob)
        {
            // Deleted since the row was read, or else lost: the first looks like what it is, the second must not look like the first.
            return await database.ReadAsync(scope, session => RawAssetStore.FindAsync(session, asset.AssetId), cancellationToken) is null
                ? null
                : throw new StoreUnavailableException("An asset's bytes are missing.");
        }

        await using (blob)
        {
            var bytes = new byte[asset.SizeBytes];
            await blob.Content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
    }
}
