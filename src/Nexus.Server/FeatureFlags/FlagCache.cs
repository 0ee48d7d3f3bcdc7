using System.Collections.Concurrent;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>
/// The flags of each tenant and env, compiled once for each version of their layers. A change counts at once on the node that writes
/// and where its notification comes, within 5 s everywhere.
/// </summary>
internal sealed class FlagCache
{
    /// <summary>So many compiled configurations are kept; then all are forgotten.</summary>
    private const int MaxConfigurations = 10_000;

    private readonly Database _database;
    private readonly ReadThroughCache<StoredFlagLayer> _layers;
    private readonly ConcurrentDictionary<(string TenantId, string Env), FlagConfiguration> _compiled = new();

    /// <summary>Listens for changes.</summary>
    public FlagCache(Database database, TimeProvider time)
    {
        _database = database;
        _layers = new ReadThroughCache<StoredFlagLayer>(TimeSpan.FromSeconds(4), time);
        database.Changed += (topic, key) =>
        {
            if (topic == FlagStore.Topic)
            {
                _layers.Invalidate(key);
                LayerChanged?.Invoke(key);
            }
        };
    }

    /// <summary>A layer changed, by its key.</summary>
    public event Action<string>? LayerChanged;

    /// <summary>The flags that count now.</summary>
    public async ValueTask<FlagConfiguration> GetAsync(Scope scope, CancellationToken cancellationToken)
    {
        var zero = GetOrCompile(
            await GetLayerAsync(new Scope(Scope.SystemTenantId, scope.Env), cancellationToken),
            scope.Env,
            FlagConfiguration.BuiltIn);
        return scope.TenantId == Scope.SystemTenantId ? zero : GetOrCompile(await GetLayerAsync(scope, cancellationToken), scope.Env, zero);
    }

    /// <summary>
    /// The same, and not older than a version that another node told of: its notification may come here later than who heard it.
    /// </summary>
    public async ValueTask<FlagConfiguration> GetAsync(Scope scope, string? told, CancellationToken cancellationToken)
    {
        var configuration = await GetAsync(scope, cancellationToken);

        // Whoever asks may say anything: layers, which may be large and are others' too, are read again where there is something newer
        // alone.
        if (!configuration.IsOlderThan(told)
            || !configuration.IsOlderThan(await _database.ReadAsync(scope, FlagStore.GetVersionsAsync, cancellationToken)))
        {
            return configuration;
        }

        _layers.Invalidate(FlagStore.GetLayerKey(scope));
        _layers.Invalidate(FlagStore.GetLayerKey(new Scope(Scope.SystemTenantId, scope.Env)));
        return await GetAsync(scope, cancellationToken);
    }

    /// <summary>
    /// The flags as a write sees them, which may be what its own batch has written and not committed: such are compiled for it alone.
    /// </summary>
    public async ValueTask<FlagConfiguration> ReadAsync(ReadSession session)
    {
        var (tenantId, env) = (session.Scope.TenantId, session.Scope.Env);
        var zero = await CompileAsync(session, Scope.SystemTenantId, env, FlagConfiguration.BuiltIn);
        return tenantId == Scope.SystemTenantId ? zero : await CompileAsync(session, tenantId, env, zero);
    }

    /// <summary>The flags as they were at a moment and place of the tenant's log.</summary>
    public static async ValueTask<FlagConfiguration> ReadAtAsync(ReadSession session, long until, long seq)
    {
        var isZero = session.Scope.TenantId == Scope.SystemTenantId;
        var zero = FlagConfiguration.Create(
            await FlagStore.ReadAtAsync(session, Scope.SystemTenantId, until, isZero ? seq : long.MaxValue),
            FlagConfiguration.BuiltIn);
        return isZero ? zero : FlagConfiguration.Create(await FlagStore.ReadAtAsync(session, session.Scope.TenantId, until, seq), zero);
    }

    private ValueTask<StoredFlagLayer> GetLayerAsync(Scope scope, CancellationToken cancellationToken) =>
        _layers.GetAsync(FlagStore.GetLayerKey(scope), async () =>
        {
            var read = await _database.ReadAsync(scope, session => FlagStore.ReadAsync(session, scope.TenantId), cancellationToken);
            return _compiled.TryGetValue((scope.TenantId, scope.Env), out var known) && known.Layer!.IsSameAs(read) ? known.Layer : read;
        });

    private FlagConfiguration GetOrCompile(StoredFlagLayer layer, string env, FlagConfiguration below)
    {
        _compiled.TryGetValue((layer.TenantId, env), out var known);
        if (known?.Layer == layer && known.Parent == below)
        {
            return known;
        }

        if (_compiled.Count >= MaxConfigurations)
        {
            _compiled.Clear();
        }

        return _compiled[(layer.TenantId, env)] = FlagConfiguration.Create(layer, below, known);
    }

    /// <summary>A version of a layer says one thing for good once it is committed, and only what was is kept.</summary>
    private async ValueTask<FlagConfiguration> CompileAsync(ReadSession session, string tenantId, string env, FlagConfiguration below)
    {
        _compiled.TryGetValue((tenantId, env), out var known);
        var layer = await FlagStore.ReadAsync(session, tenantId, known?.Layer);
        return known?.Layer!.Version == layer.Version && known.Parent == below ? known : FlagConfiguration.Create(layer, below, known);
    }
}
