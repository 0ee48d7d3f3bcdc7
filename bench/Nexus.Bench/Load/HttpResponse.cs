using System.Buffers.Text;

namespace Nexus.Bench.Load;

/// <summary>Just enough HTTP/1.1 to know where an answer ends, with a length or in chunks.</summary>
internal static class HttpResponse
{
    /// <summary>Bytes the answer takes, or 0 while more must be read; <paramref name="body"/> is where its body begins.</summary>
    public static int Length(ReadOnlySpan<byte> received, out int status, out int body)
    {
        status = 0;
        body = received.IndexOf("\r\n\r\n"u8) + 4;
        if (body < 4 || !Utf8Parser.TryParse(received.Slice(9, 3), out status, out _))
        {
            return 0;
        }

        var headers = received[..body];
        if (Number(headers, "\r\nContent-Length: "u8) is { } length)
        {
            return body + length <= received.Length ? body + length : 0;
        }

        return headers.IndexOf("\r\nTransfer-Encoding: chunked"u8) >= 0 ? Chunks(received, body) : body;
    }

    private static int Chunks(ReadOnlySpan<byte> received, int at)
    {
        while (Utf8Parser.TryParse(received[at..], out int size, out var digits, 'x') && at + digits + 2 <= received.Length)
        {
            at += digits + 2 + size + 2;
            if (at > received.Length)
            {
                return 0;
            }

            if (size == 0)
            {
                return at;
            }
        }

        return 0;
    }

    private static int? Number(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var at = headers.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(headers[(at + name.Length)..], out int value, out _) ? value : null;
    }
}
