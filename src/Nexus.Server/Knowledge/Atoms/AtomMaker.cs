using Nexus.Server.Knowledge.Atoms.Ops;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;

namespace Nexus.Server.Knowledge.Atoms;

/// <summary>
/// Reads an asset and runs an op on it, outside any write. As many run at once as there are processors: each holds its asset
/// in memory, so what all hold together is bounded.
/// </summary>
internal sealed class AtomMaker(Database database, IBlobStore blobs) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Finds out what the atom of a request is; runs the op unless the atom is there.</summary>
    /// <exception cref="ProblemException">404 for an unknown asset, 422 <c>atom.unreadable</c> or <c>atom.params</c>.</exception>
    public async ValueTask<PlannedAtom> PlanAsync(Scope scope, string assetId, IAtomOp op, AtomParams parameters, CancellationToken cancellation)
    {
        var atomId = AtomName.Of(scope, assetId, op, parameters);
        var asset = await database.ReadAsync(scope, session => RawAssetStore.FindAsync(session, assetId), cancellation) ?? throw new ProblemException(Problem.NotFound);
        var uri = blobs.UriOf(asset.Key(scope));
        if (await database.ReadAsync(scope, session => AtomStore.FindAsync(session, atomId), cancellation) is not null)
        {
            return new PlannedAtom(atomId, asset, uri, op, parameters, null);
        }

        AtomOps.CheckAsset(op, asset.ContentType, asset.SizeBytes);
        await _turns.WaitAsync(cancellation);
        try
        {
            var bytes = op.MaxBytes == 0 ? [] : await ReadAsync(scope, asset, cancellation);
            return new PlannedAtom(atomId, asset, uri, op, parameters, op.Run(new OpInput(bytes, asset.ContentType, parameters), cancellation));
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turns.Dispose();

    private async ValueTask<byte[]> ReadAsync(Scope scope, RawAssetRow asset, CancellationToken cancellation)
    {
        if (await blobs.OpenReadAsync(asset.Key(scope), cancellation) is not { } blob)
        {
            // Deleted since the row was read, or else lost: the first looks like what it is, the second must not look like the first.
            throw await database.ReadAsync(scope, session => RawAssetStore.FindAsync(session, asset.AssetId), cancellation) is null
                ? new ProblemException(Problem.NotFound)
                : new StoreUnavailableException("An asset's bytes are missing.");
        }

        await using (blob)
        {
            var bytes = new byte[asset.SizeBytes];
            await blob.Bytes.ReadExactlyAsync(bytes, cancellation);
            return bytes;
        }
    }
}
