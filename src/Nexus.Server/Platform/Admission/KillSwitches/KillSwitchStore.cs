using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission.KillSwitches;

/// <summary>The kill switch of each tenant and env, read through a cache that a change invalidates on every node.</summary>
internal sealed class KillSwitchStore
{
    private const string Topic = "kill_switch";

    private readonly Database _database;
    private readonly ReadThroughCache<KillSwitch?> _cache;

    /// <summary>Subscribes to changes.</summary>
    public KillSwitchStore(Database database, TimeProvider time)
    {
        _database = database;
        _cache = new ReadThroughCache<KillSwitch?>(TimeSpan.FromSeconds(5), time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _cache.Invalidate(key);
            }
        };
    }

    /// <summary>Returns the current kill switch, at most 5 s old; null if none was set.</summary>
    public ValueTask<KillSwitch?> GetAsync(string tenantId, string env, CancellationToken cancellationToken)
    {
        var scope = new Scope(tenantId, env);
        return _cache.GetAsync(CacheKey(scope), () => _database.ReadAsync(scope, ReadAsync, cancellationToken));
    }

    /// <summary>Returns the stored kill switch of the session's tenant and env, or null.</summary>
    public static async ValueTask<KillSwitch?> ReadAsync(ReadSession session) =>
        await session.FirstOrDefaultAsync<Row>(
            """
            select id, tenant_id as TenantId, env, disable_providers as DisableProviders, disable_autonomy as DisableAutonomy,
              disabled_actions as DisabledActions,
              created_at as CreatedAt, updated_at as UpdatedAt
            from kill_switches where tenant_id = @TenantId and env = @Env
            """,
            new { session.Scope.TenantId, session.Scope.Env }) is { } row ? row.ToWire() : null;

    /// <summary>Stores a kill switch and notifies all nodes.</summary>
    /// <param name="changed">The complete new kill switch.</param>
    /// <param name="seq">The <c>seq</c> of its event.</param>
    public static async ValueTask SaveAsync(WriteSession session, KillSwitch changed, long seq)
    {
        await session.ExecuteAsync(
            """
            insert into kill_switches (tenant_id, env, id, disable_providers, disable_autonomy, disabled_actions, created_at, updated_at,
              seq)
            values (@TenantId, @Env, @Id, @providers, @DisableAutonomy, @actions, @created, @updated, @seq)
            on conflict (tenant_id, env) do update set disable_providers = excluded.disable_providers,
              disable_autonomy = excluded.disable_autonomy,
              disabled_actions = excluded.disabled_actions, updated_at = excluded.updated_at, seq = excluded.seq
            """,
            new
            {
                changed.TenantId,
                changed.Env,
                changed.Id,
                providers = JsonSerializer.Serialize(changed.DisableProviders, WireJson.Default.IReadOnlyListString),
                changed.DisableAutonomy,
                actions = JsonSerializer.Serialize(changed.DisabledActions, WireJson.Default.IReadOnlyListString),
                created = Timestamps.ToMicros(changed.CreatedAt),
                updated = Timestamps.ToMicros(changed.UpdatedAt),
                seq,
            });
        await session.NotifyAsync(Topic, CacheKey(session.Scope));
    }

    private static string CacheKey(Scope scope) => scope.TenantId + " " + scope.Env;

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string TenantId { get; init; } = "";

        public string Env { get; init; } = "";

        public string DisableProviders { get; init; } = "";

        public bool DisableAutonomy { get; init; }

        public string DisabledActions { get; init; } = "";

        public long CreatedAt { get; init; }

        public long UpdatedAt { get; init; }

        public KillSwitch ToWire() => new()
        {
            Id = Id,
            TenantId = TenantId,
            Env = Env,
            DisableProviders = JsonSerializer.Deserialize(DisableProviders, WireJson.Default.IReadOnlyListString)!,
            DisableAutonomy = DisableAutonomy,
            DisabledActions = JsonSerializer.Deserialize(DisabledActions, WireJson.Default.IReadOnlyListString)!,
            CreatedAt = Timestamps.FromMicros(CreatedAt),
            UpdatedAt = Timestamps.FromMicros(UpdatedAt),
        };
    }
}
