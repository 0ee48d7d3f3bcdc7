using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Takes erased cards out of this node's index files at once, not only with the next search.</summary>
internal sealed class IndexCompactor(SearchIndexPool indexes, CardChangeFeed feed)
{
    /// <summary>Brings the indexes of a tenant up to the store, and makes their files anew.</summary>
    /// <returns>False where something still reads one.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read, or an index not written.</exception>
    public async ValueTask<bool> CompactAsync(string tenantId, CancellationToken cancellationToken)
    {
        var isClean = true;
        foreach (var (tenant, env) in indexes.ListStored().Where(index => index.Tenant == tenantId))
        {
            isClean &= await indexes.WithIndexAsync(tenant, env, feed.For(new Scope(tenant, env)), index => new ValueTask<bool>(index.Compact()), cancellationToken);
        }

        return isClean;
    }
}
