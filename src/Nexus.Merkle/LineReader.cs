using System.Runtime.CompilerServices;

namespace Nexus.Merkle;

/// <summary>Reads a stream line by line in bounded memory.</summary>
internal static class LineReader
{
    /// <summary>Longer than any event's line: an entry and content of maximum size, both escaped.</summary>
    private const int MaxLine = 16 * 1024 * 1024;

    /// <summary>Reads the lines without their newlines. Each line is valid only until the next one is requested.</summary>
    /// <exception cref="FormatException">A line is longer than 16 MiB.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var (start, end, seen) = (0, 0, 0); // the buffered bytes, and how many of them contain no newline
        while (true)
        {
            var newline = buffer.AsSpan(start + seen, end - start - seen).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                newline += start + seen;
                yield return buffer.AsMemory(start, newline - start);
                (start, seen) = (newline + 1, 0);
                continue;
            }

            seen = end - start;
            if (end == buffer.Length)
            {
                var larger = start > 0
                    ? buffer
                    : new byte[seen < MaxLine ? buffer.Length * 2 : throw new FormatException("A line is longer than any event's.")];
                buffer.AsSpan(start, seen).CopyTo(larger);
                (buffer, start, end) = (larger, 0, seen);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
            {
                if (seen > 0)
                {
                    yield return buffer.AsMemory(start, seen);
                }

                yield break;
            }

            end += read;
        }
    }
}
