using System.Text.Json;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>
/// Finds tenant and env: header, then query, then JSON body, then what the credential supplies; the first found wins.
/// Whatever else names them must agree.
/// </summary>
internal readonly struct ContextResolution
{
    private readonly string? _headerTenant, _queryTenant, _bodyTenant, _headerEnv, _queryEnv, _bodyEnv, _headerUser;
    private readonly bool _malformed;

    private ContextResolution(HttpRequest request, JsonElement body)
    {
        _malformed = !TryOne(request.Headers["X-Tenant-Id"], out _headerTenant)
            | !TryOne(request.Headers["X-Env"], out _headerEnv)
            | !TryOne(request.Headers["X-User-Id"], out _headerUser)
            | !TryOne(request.Query["tenant_id"], out _queryTenant)
            | !TryOne(request.Query["env"], out _queryEnv)
            | !TryMember(body, "tenant_id", out _bodyTenant)
            | !TryMember(body, "env", out _bodyEnv);
    }

    /// <summary>Reads everything of a request that may name a context.</summary>
    public static ContextResolution Of(HttpRequest request, JsonDocument? body) => new(request, body?.RootElement ?? default);

    /// <summary>Resolves tenant and env, or says why not: 400 <c>context.missing</c> or <c>context.invalid</c>.</summary>
    public Problem? Resolve(AuthContext auth, out string tenantId, out string env)
    {
        tenantId = _headerTenant ?? _queryTenant ?? _bodyTenant ?? auth.KeyTenantId ?? auth.DefaultTenantId ?? "";
        env = "";
        if (_malformed)
        {
            return Invalid("A tenant, env or user is named twice in one place, or is no text.");
        }

        if (tenantId.Length == 0)
        {
            return Missing("Name the tenant: header X-Tenant-Id.");
        }

        if (!Nexus.Server.Platform.Tenancy.TenantId.IsValid(tenantId))
        {
            return Invalid("A tenant id is t_ and 1 to 62 of a-z, 0-9, _ and -.");
        }

        if ((_headerEnv ?? _queryEnv ?? _bodyEnv ?? auth.KeyEnv) is not { } named)
        {
            return Missing("Name the env: header X-Env with dev, staging or prod.");
        }

        return Envs.TryParse(named, out env) ? null : Invalid("An env is dev, staging (or stage) or prod.");
    }

    /// <summary>Whether everything that names a tenant, env or user agrees with what was resolved: else 400 <c>context.mismatch</c>.</summary>
    public Problem? Match(HttpRequest request, AuthContext auth, string tenantId, string env)
    {
        var pathTenant = request.RouteValues.TryGetValue("tenant_id", out var value) ? value as string : null;
        var agrees = Same(_headerTenant, tenantId) && Same(_queryTenant, tenantId) && Same(_bodyTenant, tenantId) && Same(pathTenant, tenantId)
            && SameEnv(_headerEnv, env) && SameEnv(_queryEnv, env) && SameEnv(_bodyEnv, env) && SameEnv(auth.KeyEnv, env)
            && MatchesUser(auth);
        return agrees ? null : Mismatch;
    }

    /// <summary>Whether the header that may repeat the caller does not change them.</summary>
    public bool MatchesUser(AuthContext auth) => Same(_headerUser, auth.UserId);

    /// <summary>Whether a JSON object inside a body names no other tenant or env than the context: lines of NDJSON are checked one by one.</summary>
    public static bool Agrees(JsonElement line, RequestContext context) =>
        TryMember(line, "tenant_id", out var tenant) && TryMember(line, "env", out var env) && Same(tenant, context.TenantId) && SameEnv(env, context.Env);

    /// <summary>The refusal of a part that disagrees.</summary>
    public static Problem Mismatch { get; } =
        new(StatusCodes.Status400BadRequest, "context.mismatch", "Header, query, path and body name different tenants, envs or users, or others than the credential's.");

    private static Problem Missing(string detail) => new(StatusCodes.Status400BadRequest, "context.missing", detail);

    private static Problem Invalid(string detail) => new(StatusCodes.Status400BadRequest, "context.invalid", detail);

    private static bool Same(string? named, string resolved) => named is null || string.Equals(named, resolved, StringComparison.Ordinal);

    private static bool SameEnv(string? named, string resolved) => named is null || (Envs.TryParse(named, out var env) && env == resolved);

    private static bool TryOne(Microsoft.Extensions.Primitives.StringValues values, out string? value)
    {
        value = values.Count == 1 ? values[0] : null;
        return values.Count <= 1;
    }

    private static bool TryMember(JsonElement body, string name, out string? value)
    {
        value = null;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        value = member.GetString();
        return true;
    }
}
