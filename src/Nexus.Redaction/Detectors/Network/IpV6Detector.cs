using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Network;

/// <summary>
/// IPv6 addresses, including a zone. The unspecified address and loopback are ignored, as they identify no machine.
/// </summary>
internal sealed class IpV6Detector : IDetector
{
    private const int MaxLength = 45;

    private static readonly SearchValues<char> _addressCharacters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>An address of zeros alone is the unspecified one.</summary>
    private static readonly SearchValues<char> _nonZeroDigits = SearchValues.Create("123456789abcdefABCDEF");

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf(':'); at >= 0;)
        {
            var start = at;
            while (start > 0 && at - start < 4 && char.IsAsciiHexDigit(text[start - 1]))
            {
                start--;
            }

            var length = text[start..].IndexOfAnyExcept(_addressCharacters);
            var end = length < 0 ? text.Length : start + length;
            var next = Math.Max(end, at + 1);
            if (end - start > 1 && text[start] == ':' && text[start + 1] != ':')
            {
                start++; // the colon belongs to the word before
            }

            if (end - start is >= 4 and <= MaxLength)
            {
                while (text[end - 1] == '.' || (text[end - 1] == ':' && text[end - 2] != ':'))
                {
                    end--;
                }

                if (WordBoundary.IsStandalone(text, start, end) && IsAddress(text[start..end]))
                {
                    scan.Add(PiiKind.Ip, start, FindZoneEnd(text, end), 0.9);
                }
            }

            var more = text[next..].IndexOf(':');
            at = more < 0 ? -1 : next + more;
        }
    }

    /// <summary>Names like <c>a::b</c> occur in programming languages, so an address must have a digit.</summary>
    private static bool IsAddress(ReadOnlySpan<char> text) =>
        text.Count(':') >= 2
        && text.ContainsAnyInRange('0', '9')
        && text.ContainsAny(_nonZeroDigits)
        && (text.Contains("::", StringComparison.Ordinal) || text.Count(':') >= 6)
        && IPAddress.TryParse(text, out var address)
        && address.AddressFamily == AddressFamily.InterNetworkV6
        && !IPAddress.IsLoopback(address);

    private static int FindZoneEnd(ReadOnlySpan<char> text, int end)
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
