using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Nexus.Testing;

/// <summary>HS256 tokens as minted by a platform that shares a secret with the server.</summary>
internal static class TrustedToken
{
    /// <summary>The hosts' <c>Nexus:Auth:TrustedHs256Secret</c>.</summary>
    public const string Secret = "a secret that only the tests share with the server";

    /// <summary>Creates a token valid for an hour. The first membership is the default tenant.</summary>
    public static string Mint(string user, params (string Tenant, string Role)[] memberships) =>
        Mint(new JsonObject
        {
            ["sub"] = user,
            ["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
            ["tenant_ids"] = new JsonArray([.. memberships.Select(membership => JsonValue.Create(membership.Tenant))]),
            ["role_map"] = new JsonObject(
                memberships.Select(membership => KeyValuePair.Create(membership.Tenant, (JsonNode?)membership.Role))),
            ["default_tenant_id"] = memberships.Length > 0 ? memberships[0].Tenant : null,
        });

    /// <summary>Signs claims as they are, for tests of claims that must be refused.</summary>
    public static string Mint(JsonObject claims)
    {
        var signed = $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
