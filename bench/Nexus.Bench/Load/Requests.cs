using System.Text;

namespace Nexus.Bench.Load;

/// <summary>Requests as the bytes that go over the wire, built once so that sending costs nothing but the send.</summary>
internal static class Requests
{
    public static byte[] Get(string path, string headers = "") =>
        Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    public static byte[] Post(string path, string contentType, string body, string headers = "") =>
        Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");
}
