using System.Collections.Concurrent;
using Nexus.Server.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>
/// The flags of each tenant and env, compiled and kept until a layer changes: at once on the node that writes and where its
/// notification comes, within 5 s everywhere.
/// </summary>
internal sealed class Flags
{
    private readonly Database _database;
    private readonly ConcurrentDictionary<string, FlagConfiguration> _compiled = new(StringComparer.Ordinal);
    private readonly Cached<FlagConfiguration> _zero;
    private readonly Cached<StoredLayer> _layers;
    private readonly Cached<FlagConfiguration> _laid;

    /// <summary>Listens for changes.</summary>
    public Flags(Database database, TimeProvider time)
    {
        _database = database;
        var age = TimeSpan.FromSeconds(4);
        (_zero, _layers, _laid) = (new(age, time), new(age, time), new(TimeSpan.FromDays(1), time));
        database.Changed += (topic, key) =>
        {
            if (topic == FlagStore.Topic)
            {
                _zero.Drop(key);
                _layers.Drop(key);
                Changed?.Invoke(key);
            }
        };
    }

    /// <summary>A layer changed; <c>tenant env</c>.</summary>
    public event Action<string>? Changed;

    /// <summary>The flags that count now.</summary>
    public async ValueTask<FlagConfiguration> GetAsync(Scope scope, CancellationToken cancellation)
    {
        var key = scope.TenantId + " " + scope.Env;
        var zero = await _zero.GetAsync(Scope.SystemTenant + " " + scope.Env, () => ZeroAsync(scope.Env, cancellation));
        if (scope.TenantId == Scope.SystemTenant)
        {
            return zero;
        }

        var layer = await _layers.GetAsync(key, () => _database.ReadAsync(scope, session => FlagStore.ReadAsync(session, scope.TenantId), cancellation));
        var laid = await _laid.GetAsync(key, () => new(FlagConfiguration.Of(layer, zero)));
        if (laid.Below != zero || laid.Layer!.Version != layer.Version)
        {
            _laid.Drop(key);
            laid = await _laid.GetAsync(key, () => new(FlagConfiguration.Of(layer, zero)));
        }

        return laid;
    }

    /// <summary>The flags as a write sees them: nothing is cached, and what it writes waits for others that write the same layer.</summary>
    public static async ValueTask<FlagConfiguration> ReadAsync(ReadSession session)
    {
        var zero = FlagConfiguration.Of(await FlagStore.ReadAsync(session, Scope.SystemTenant), FlagConfiguration.BuiltIn);
        return session.Scope.TenantId == Scope.SystemTenant ? zero : FlagConfiguration.Of(await FlagStore.ReadAsync(session, session.Scope.TenantId), zero);
    }

    /// <summary>The flags as they were at a moment and place of the tenant's log.</summary>
    public static async ValueTask<FlagConfiguration> ReadAtAsync(ReadSession session, long until, long seq)
    {
        var isZero = session.Scope.TenantId == Scope.SystemTenant;
        var zero = FlagConfiguration.Of(await FlagStore.ReadAtAsync(session, Scope.SystemTenant, until, isZero ? seq : long.MaxValue), FlagConfiguration.BuiltIn);
        return isZero ? zero : FlagConfiguration.Of(await FlagStore.ReadAtAsync(session, session.Scope.TenantId, until, seq), zero);
    }

    /// <summary>Tenant-0's flags, compiled again only where they changed: every tenant's lie on this very object.</summary>
    private async ValueTask<FlagConfiguration> ZeroAsync(string env, CancellationToken cancellation)
    {
        var layer = await _database.ReadAsync(new Scope(Scope.SystemTenant, env), session => FlagStore.ReadAsync(session, Scope.SystemTenant), cancellation);
        return _compiled.AddOrUpdate(
            env,
            (_, read) => FlagConfiguration.Of(read, FlagConfiguration.BuiltIn),
            (_, known, read) => known.Layer!.Version == read.Version ? known : FlagConfiguration.Of(read, FlagConfiguration.BuiltIn),
            layer);
    }
}
