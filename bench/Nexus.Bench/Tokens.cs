using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Nexus.Bench;

/// <summary>Tokens as a platform that mints its own would send them: HS256 over a secret Nexus is told to trust.</summary>
internal static class Tokens
{
    public static readonly string Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>An hour's token of an owner of one tenant, which is also the default.</summary>
    public static string Mint(string tenant)
    {
        var header = """{"alg":"HS256","typ":"JWT"}""";
        var claims = JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = "u_bench",
            ["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
            ["tenant_ids"] = new[] { tenant },
            ["default_tenant_id"] = tenant,
            ["role_map"] = new Dictionary<string, string>(StringComparer.Ordinal) { [tenant] = "owner" },
        });
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The header lines that a request of this tenant carries.</summary>
    public static string Headers(string tenant) => $"Authorization: Bearer {Mint(tenant)}\r\nX-Env: prod\r\n";
}
