using System.Collections.Frozen;
using System.Text.Json;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>The tenants and roles in the service's own tokens and in trusted HS256 tokens.</summary>
internal sealed record TenantClaims(
    IReadOnlyList<string> TenantIds, string? DefaultTenantId, IReadOnlyDictionary<string, Role> RoleMap)
{
    /// <summary>
    /// Reads <c>tenant_ids</c>, <c>default_tenant_id</c> and <c>role_map</c>. Null if one of them has the wrong shape,
    /// names a malformed tenant or an unknown role, or gives a role in a tenant that <c>tenant_ids</c> omits.
    /// A tenant without a role grants nothing.
    /// </summary>
    public static TenantClaims? Read(JsonElement payload)
    {
        if (!payload.TryGetString("default_tenant_id", out var first) || (first is not null && !TenantId.IsValid(first)))
        {
            return null;
        }

        var roles = new Dictionary<string, Role>(StringComparer.Ordinal);
        if (payload.TryGetProperty("role_map", out var map))
        {
            if (map.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            foreach (var entry in map.EnumerateObject())
            {
                if (!TenantId.IsValid(entry.Name) || entry.Value.ValueKind != JsonValueKind.String
                    || !Roles.TryParse(entry.Value.GetString(), out var role))
                {
                    return null;
                }

                roles.Add(entry.Name, role);
            }
        }

        var tenants = new List<string>();
        if (!payload.TryGetProperty("tenant_ids", out var list))
        {
            tenants.AddRange(roles.Keys);
        }
        else if (list.ValueKind != JsonValueKind.Array || !list.EnumerateArray().All(IsTenant))
        {
            return null;
        }
        else
        {
            tenants.AddRange(list.EnumerateArray().Select(t => t.GetString()!).Distinct(StringComparer.Ordinal));
        }

        return roles.Keys.All(t => tenants.Contains(t, StringComparer.Ordinal))
            ? new TenantClaims(tenants, first, roles.ToFrozenDictionary(StringComparer.Ordinal))
            : null;
    }

    private static bool IsTenant(JsonElement tenant) =>
        tenant.ValueKind == JsonValueKind.String && TenantId.IsValid(tenant.GetString());
}
