using System.Buffers;
using System.Buffers.Text;

namespace Nexus.Bench.Load;

/// <summary>Just enough HTTP/1.1 to know where an answer ends, with a length or in chunks.</summary>
internal static class HttpResponse
{
    private static ReadOnlySpan<byte> Chunked => "\r\nTransfer-Encoding: chunked"u8;

    /// <summary>Bytes the answer takes, or 0 while more must be read.</summary>
    public static int Length(ReadOnlySpan<byte> received, out int status)
    {
        status = 0;
        var body = received.IndexOf("\r\n\r\n"u8) + 4;
        if (body < 4 || !Utf8Parser.TryParse(received.Slice(9, 3), out status, out _))
        {
            return 0;
        }

        var headers = received[..body];
        if (Number(headers, "\r\nContent-Length: "u8) is { } length)
        {
            return body + length <= received.Length ? body + length : 0;
        }

        return headers.IndexOf(Chunked) >= 0 ? Chunks(received, body) : body;
    }

    /// <summary>The content of a whole answer, without the framing of its chunks.</summary>
    public static byte[] Content(ReadOnlySpan<byte> answer)
    {
        var body = answer.IndexOf("\r\n\r\n"u8) + 4;
        if (answer[..body].IndexOf(Chunked) < 0)
        {
            return answer[body..].ToArray();
        }

        var content = new ArrayBufferWriter<byte>(answer.Length);
        for (var at = body; Utf8Parser.TryParse(answer[at..], out int size, out var digits, 'x') && size > 0; at += digits + size + 4)
        {
            content.Write(answer.Slice(at + digits + 2, size));
        }

        return content.WrittenSpan.ToArray();
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
