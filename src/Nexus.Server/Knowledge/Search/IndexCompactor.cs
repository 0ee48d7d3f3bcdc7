using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Removes erased cards from this node's index files immediately, not only with the next search.</summary>
internal sealed class IndexCompactor(SearchIndexPool indexes, CardChangeFeed feed)
{
    /// <summary>Brings the tenant's indexes up to date and rewrites their files.</summary>
    /// <returns>False if another process still reads one of the files.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be read or an index cannot be written.</exception>
    public async ValueTask<bool> CompactAsync(string tenantId, CancellationToken cancellationToken)
    {
        var isClean = true;
        foreach (var (tenant, env) in indexes.ListStored().Where(index => index.Tenant == tenantId))
        {
            isClean &= await indexes.WithIndexAsync(
                tenant,
                env,
                feed.For(new Scope(tenant, env)),
                index => new ValueTask<bool>(index.Compact()),
                cancellationToken);
        }

        return isClean;
    }
}
