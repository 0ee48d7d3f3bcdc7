using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Nexus.Redaction;

/// <summary>IP addresses of version 6, with a zone where there is one. The unspecified address and loopback mean no machine.</summary>
internal sealed class IpV6Detector : IDetector
{
    private const int Longest = 45;

    private static readonly SearchValues<char> _units = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Zeros alone are the unspecified address.</summary>
    private static readonly SearchValues<char> _meaning = SearchValues.Create("123456789abcdefABCDEF");

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf(':'); at >= 0;)
        {
            var start = at;
            while (start > 0 && at - start < 4 && char.IsAsciiHexDigit(text[start - 1]))
            {
                start--;
            }

            var length = text[start..].IndexOfAnyExcept(_units);
            var end = length < 0 ? text.Length : start + length;
            var next = Math.Max(end, at + 1);
            if (end - start > 1 && text[start] == ':' && text[start + 1] != ':')
            {
                start++; // the colon of a word before it
            }

            if (end - start is >= 4 and <= Longest)
            {
                while (text[end - 1] == '.' || (text[end - 1] == ':' && text[end - 2] != ':'))
                {
                    end--;
                }

                if (Edges.AreFree(text, start, end) && IsAddress(text[start..end]))
                {
                    scan.Add(PiiKind.Ip, start, Zone(text, end), 0.9);
                }
            }

            var more = text[next..].IndexOf(':');
            at = more < 0 ? -1 : next + more;
        }
    }

    /// <summary>A few letters around two colons are names of a programming language: an address has digits, or many groups.</summary>
    private static bool IsAddress(ReadOnlySpan<char> text) =>
        text.Count(':') >= 2 && text.ContainsAnyInRange('0', '9') && text.ContainsAny(_meaning) && (text.Contains("::", StringComparison.Ordinal) || text.Count(':') >= 6)
        && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !IPAddress.IsLoopback(address);

    private static int Zone(ReadOnlySpan<char> text, int end)
    {
        if (end + 1 >= text.Length || text[end] != '%')
        {
            return end;
        }

        var zone = end + 1;
        while (zone < text.Length && zone - end < 16 && char.IsAsciiLetterOrDigit(text[zone]))
        {
            zone++;
        }

        return zone > end + 1 ? zone : end;
    }
}
