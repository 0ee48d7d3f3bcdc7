using System.Text.Json;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>
/// Finds tenant and env: header, then query, then JSON body, then what the credential supplies; the first found wins.
/// Whatever else names them must agree.
/// </summary>
internal readonly struct ContextResolver
{
    private readonly string? _headerTenant, _queryTenant, _bodyTenant, _headerEnv, _queryEnv, _bodyEnv, _headerUser;
    private readonly bool _isMalformed;

    private ContextResolver(HttpRequest request, JsonElement body)
    {
        _isMalformed = !TryGetSingle(request.Headers["X-Tenant-Id"], out _headerTenant)
            | !TryGetSingle(request.Headers["X-Env"], out _headerEnv)
            | !TryGetSingle(request.Headers["X-User-Id"], out _headerUser)
            | !TryGetSingle(request.Query["tenant_id"], out _queryTenant)
            | !TryGetSingle(request.Query["env"], out _queryEnv)
            | !TryGetMember(body, "tenant_id", out _bodyTenant)
            | !TryGetMember(body, "env", out _bodyEnv);
    }

    /// <summary>Reads everything of a request that may name a context.</summary>
    public static ContextResolver FromRequest(HttpRequest request, JsonDocument? body) => new(request, body?.RootElement ?? default);

    /// <summary>Resolves tenant and env, or says why not: 400 <c>context.missing</c> or <c>context.invalid</c>.</summary>
    public Problem? Resolve(AuthContext auth, out string tenantId, out string env)
    {
        tenantId = _headerTenant ?? _queryTenant ?? _bodyTenant ?? auth.KeyTenantId ?? auth.DefaultTenantId ?? "";
        env = "";
        if (_isMalformed)
        {
            return Invalid("The tenant, env or user is given twice in one place, or is not a string.");
        }

        if (tenantId.Length == 0)
        {
            return Missing("Missing tenant. Send the header X-Tenant-Id, for example t_acme.");
        }

        if (!Nexus.Server.Platform.Tenancy.TenantId.IsValid(tenantId))
        {
            return Invalid($"Invalid tenant id {Suggestions.Quote(tenantId)}. It must be t_ followed by 1 to 62 of a-z, 0-9, _ and -.");
        }

        if ((_headerEnv ?? _queryEnv ?? _bodyEnv ?? auth.KeyEnv) is not { } named)
        {
            return Missing("Missing env. Send the header X-Env with dev, staging or prod.");
        }

        return Envs.TryParse(named, out env) ? null : Invalid(Suggestions.Unknown("env", named, Envs.All));
    }

    /// <summary>
    /// Whether everything that names a tenant, env or user agrees with what was resolved: else 400 <c>context.mismatch</c>.
    /// </summary>
    public Problem? CheckConsistency(HttpRequest request, AuthContext auth, string tenantId, string env)
    {
        var pathTenant = request.RouteValues.TryGetValue("tenant_id", out var value) ? value as string : null;
        var agrees = Matches(_headerTenant, tenantId)
            && Matches(_queryTenant, tenantId)
            && Matches(_bodyTenant, tenantId)
            && Matches(pathTenant, tenantId)
            && MatchesEnv(_headerEnv, env) && MatchesEnv(_queryEnv, env) && MatchesEnv(_bodyEnv, env) && MatchesEnv(auth.KeyEnv, env)
            && MatchesUser(auth);
        return agrees ? null : Mismatch;
    }

    /// <summary>Whether the header that may repeat the caller does not change them.</summary>
    public bool MatchesUser(AuthContext auth) => Matches(_headerUser, auth.UserId);

    /// <summary>
    /// Whether a JSON object inside a body names no other tenant or env than the context: lines of NDJSON are checked one by one.
    /// </summary>
    public static bool IsConsistent(JsonElement line, RequestContext context) =>
        TryGetMember(line, "tenant_id", out var tenant)
            && TryGetMember(line, "env", out var env)
            && Matches(tenant, context.TenantId)
            && MatchesEnv(env, context.Env);

    /// <summary>The refusal of a part that disagrees.</summary>
    public static Problem Mismatch { get; } =
        new(ProblemCodes.ContextMismatch, "Header, query, path, body and credential must name the same tenant, env and user.");

    private static Problem Missing(string detail) => new(ProblemCodes.ContextMissing, detail);

    private static Problem Invalid(string detail) => new(ProblemCodes.ContextInvalid, detail);

    private static bool Matches(string? named, string resolved) =>
        named is null || string.Equals(named, resolved, StringComparison.Ordinal);

    private static bool MatchesEnv(string? named, string resolved) =>
        named is null || (Envs.TryParse(named, out var env) && env == resolved);

    private static bool TryGetSingle(Microsoft.Extensions.Primitives.StringValues values, out string? value)
    {
        value = values.Count == 1 ? values[0] : null;
        return values.Count <= 1;
    }

    private static bool TryGetMember(JsonElement body, string name, out string? value)
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
