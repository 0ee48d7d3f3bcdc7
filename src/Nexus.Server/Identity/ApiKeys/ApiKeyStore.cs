using System.Text.Json.Nodes;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.ApiKeys;

/// <summary>
/// Creates, lists, revokes and authenticates a tenant's API keys. A key contains its tenant, so a lookup reads only that tenant's
/// rows. Only a hash keyed with a service secret is stored.
/// </summary>
internal sealed class ApiKeyStore
{
    private const string Topic = "api-key";

    private readonly Database _database;
    private readonly SecretStore _secrets;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly ReadThroughCache<CachedKey?> _cache;

    /// <summary>Subscribes to keys revoked on other nodes.</summary>
    public ApiKeyStore(Database database, SecretStore secrets, EventLog log, TimeProvider time)
    {
        (_database, _secrets, _log, _time) = (database, secrets, log, time);
        _cache = new ReadThroughCache<CachedKey?>(MembershipResolver.MaxAge, time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _cache.Invalidate(key);
            }
        };
    }

    /// <summary>Authenticates a key. Returns null if it is unknown, expired or revoked.</summary>
    public async ValueTask<AuthContext?> AuthenticateAsync(ApiKeyToken key, CancellationToken cancellationToken)
    {
        var cached = await _cache.GetAsync(CacheKey(key.TenantId, key.KeyId), () => ReadAsync(key.TenantId, key.KeyId, cancellationToken));
        return cached is not null
            && cached.Auth.ExpiresAt > _time.GetUtcNow()
            && key.Matches(await GetSecretAsync(cancellationToken), cached.Hash)
            ? cached.Auth
            : null;
    }

    /// <summary>
    /// Returns the hash to store for a new key. Computed before the transaction, which may await nothing but its session.
    /// </summary>
    public async ValueTask<byte[]> HashAsync(ApiKeyToken key, CancellationToken cancellationToken) =>
        key.Hash(await GetSecretAsync(cancellationToken));

    /// <summary>Stores a new key and records <c>api_key_created</c>.</summary>
    public async ValueTask<CreatedApiKey> AddAsync(
        WriteSession session, RequestContext context, ApiKeyToken key, byte[] hash, ApiKeyRequest request, string? env)
    {
        var added = await _log.AppendAsync(session, context, new NewEvent("api_key_created", "api_key", key.KeyId)
        {
            Surface = "auth",
            Input = new JsonObject { ["role"] = request.Role, ["key_env"] = env },
        });
        var row = new
        {
            context.TenantId, key.KeyId, Name = request.Name.Trim(), request.Role, env, actor = request.ActorType ?? ActorTypes.Agent, hash,
            now = added.RecordedAt, context.UserId, expires = request.ExpiresAt is { } end ? Timestamps.ToMicros(end) : (long?)null,
            added.Seq,
        };
        await session.ExecuteAsync(
            """
            insert into api_keys (tenant_id, key_id, name, role, key_env, actor_type, key_hash, created_at, created_by, expires_at, seq)
            values (@TenantId, @KeyId, @Name, @Role, @env, @actor, @hash, @now, @UserId, @expires, @Seq)
            """,
            row);
        return new CreatedApiKey
        {
            KeyId = key.KeyId,
            Key = key.Text,
            TenantId = context.TenantId,
            Name = row.Name,
            Role = request.Role,
            Env = env,
            ActorType = row.actor,
            CreatedAt = Timestamps.FromMicros(row.now),
            CreatedBy = context.UserId,
            ExpiresAt = Timestamps.FromMicros(row.expires),
        };
    }

    /// <summary>Returns a page of the tenant's keys that are not revoked, oldest first.</summary>
    /// <param name="env">Returns only keys bound to this env; null for all.</param>
    /// <param name="after">The last id of the previous page; null for the first page.</param>
    /// <param name="limit">The maximum number of keys.</param>
    public static async ValueTask<List<ApiKey>> ListAsync(ReadSession session, string? env, string? after, int limit)
    {
        var rows = await session.QueryAsync<Row>(
            Row.Select
                + "tenant_id = @TenantId and revoked_at is null and key_id > @after"
                + EnvFilterSql(env)
                + " order by key_id limit @limit",
            new { session.Scope.TenantId, env, after = after ?? "", limit });
        return rows.ConvertAll(row => row.ToWire());
    }

    /// <summary>
    /// Returns the role of a key that is not revoked and, if an env is given, is bound to that env. Null if there is none.
    /// </summary>
    public static async ValueTask<Role?> FindRoleAsync(WriteSession session, string? env, string keyId) =>
        await session.FirstOrDefaultAsync<string>(
            "select role from api_keys where tenant_id = @TenantId and key_id = @keyId and revoked_at is null"
                + EnvFilterSql(env)
                + session.ForUpdate,
            new { session.Scope.TenantId, env, keyId }) is { } name && Roles.TryParse(name, out var role) ? role : null;

    /// <summary>Revokes a key found by <see cref="FindRoleAsync"/>, and records it.</summary>
    public async ValueTask RevokeAsync(WriteSession session, RequestContext context, string keyId)
    {
        var revoked = await _log.AppendAsync(session, context, new NewEvent("api_key_deleted", "api_key", keyId) { Surface = "auth" });
        await session.ExecuteAsync(
            "update api_keys set revoked_at = @RecordedAt, seq = @Seq where tenant_id = @TenantId and key_id = @keyId",
            new { revoked.RecordedAt, revoked.Seq, context.TenantId, keyId });
        await session.NotifyAsync(Topic, CacheKey(context.TenantId, keyId));
    }

    private static string EnvFilterSql(string? env) => env is null ? "" : " and key_env = @env";

    private static string CacheKey(string tenantId, string keyId) => tenantId + " " + keyId;

    private ValueTask<byte[]> GetSecretAsync(CancellationToken cancellationToken) =>
        _secrets.GetOrCreateKeyAsync("api-keys", cancellationToken);

    private async ValueTask<CachedKey?> ReadAsync(string tenantId, string keyId, CancellationToken cancellationToken)
    {
        var row = await _database.ReadAsync(
            new Scope(tenantId, "prod"),
            session =>
                session.FirstOrDefaultAsync<Row>(
                    Row.Select + "tenant_id = @tenantId and key_id = @keyId and revoked_at is null",
                    new { tenantId, keyId }),
            cancellationToken);
        if (row is null || !Roles.TryParse(row.Role, out var role))
        {
            return null;
        }

        var who = new AuthContext
        {
            UserId = "key_" + row.KeyId,
            TenantIds = [tenantId],
            DefaultTenantId = tenantId,
            RoleMap = new Dictionary<string, Role>(StringComparer.Ordinal) { [tenantId] = role },
            Provider = "api_key",
            ActorType = row.ActorType,
            KeyTenantId = tenantId,
            KeyRole = role,
            KeyEnv = row.KeyEnv,
            ExpiresAt = Timestamps.FromMicros(row.ExpiresAt) ?? DateTimeOffset.MaxValue,
        };
        return new CachedKey(who, row.KeyHash);
    }

    private sealed record CachedKey(AuthContext Auth, byte[] Hash);

    private sealed class Row
    {
        public const string Select =
            """
            select tenant_id as TenantId, key_id as KeyId, name as Name, role as Role, key_env as KeyEnv, actor_type as ActorType,
              key_hash as KeyHash,
              created_at as CreatedAt, created_by as CreatedBy, expires_at as ExpiresAt
            from api_keys where 
            """;

        public string TenantId { get; init; } = "";

        public string KeyId { get; init; } = "";

        public string Name { get; init; } = "";

        public string Role { get; init; } = "";

        public string? KeyEnv { get; init; }

        public string ActorType { get; init; } = "";

        public byte[] KeyHash { get; init; } = [];

        public long CreatedAt { get; init; }

        public string CreatedBy { get; init; } = "";

        public long? ExpiresAt { get; init; }

        public ApiKey ToWire() => new()
        {
            KeyId = KeyId,
            TenantId = TenantId,
            Name = Name,
            Role = Role,
            Env = KeyEnv,
            ActorType = ActorType,
            CreatedAt = Timestamps.FromMicros(CreatedAt),
            CreatedBy = CreatedBy,
            ExpiresAt = Timestamps.FromMicros(ExpiresAt),
        };
    }
}
