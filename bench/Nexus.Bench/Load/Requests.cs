using System.Text;
using Nexus.Testing;

namespace Nexus.Bench.Load;

/// <summary>Requests as the bytes that go over the wire, built once so that sending costs nothing but the send.</summary>
internal static class Requests
{
    /// <summary>The header lines of an owner of one tenant, good for an hour.</summary>
    public static string As(string tenant) =>
        $"Authorization: Bearer {TrustedToken.Mint("u_bench", (tenant, "owner"))}\r\nX-Env: prod\r\n";

    public static byte[] Get(string path, string headers = "") =>
        Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    public static byte[] Post(string path, string contentType, string body, string headers = "") =>
        Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");
}
