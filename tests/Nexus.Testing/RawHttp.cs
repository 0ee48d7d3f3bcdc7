using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Nexus.Testing;

/// <summary>Sends requests byte for byte that no HTTP client would send.</summary>
internal static class RawHttp
{
    /// <summary>
    /// Sends the characters as bytes (Latin-1) and reads a response until the server closes the connection. Status 0: it closed
    /// without a response.
    /// </summary>
    public static async Task<Reply> SendAsync(Uri address, string request, CancellationToken cancelled)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancelled);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancelled);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, cancelled);
        }
        catch (IOException)
        {
            // The server has responded and refused to read the rest.
        }

        return Parse(Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length));
    }

    private static Reply Parse(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return new Reply(0, answer, new Dictionary<string, string>());
        }

        var lines = answer[..end].Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "", StringComparer.OrdinalIgnoreCase);
        var body = answer[(end + 4)..];
        return new Reply(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            headers.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Joined(body) : body,
            headers);
    }

    private static string Joined(string chunks)
    {
        var body = new StringBuilder();
        while (chunks.IndexOf("\r\n", StringComparison.Ordinal) is var line and > 0)
        {
            var size = int.Parse(chunks[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(chunks, line + 2, size);
            chunks = chunks[(line + 2 + size + 2)..];
        }

        return body.ToString();
    }
}
