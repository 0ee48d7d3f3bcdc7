using System.Globalization;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Network;

/// <summary>
/// IPv4 addresses. The unspecified address, loopback and netmasks are ignored, as they identify no machine, and so are versions of
/// four parts (<see cref="IpOrVersion"/>).
/// </summary>
internal sealed class IpV4Detector : IDetector
{
    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        var groups = scan.DigitGroups;
        for (var first = 0; first + 3 < groups.Count; first++)
        {
            var (start, end) = (groups[first].Start, groups[first + 3].End);
            if (end - start > 15
                || !IsAddress(text, groups, first)
                || !WordBoundary.IsStandalone(text, start, end)
                || IsPartOfLongerNumber(text, start, end))
            {
                continue;
            }

            var octet = Value(text, groups[first]);
            if (octet is 0 or 127 or 255)
            {
                continue;
            }

            scan.Add(PiiKind.Ip, start, end, IpOrVersion.IsVersion(scan, start, end) ? 0.3 : 0.8);
            first += 3;
        }
    }

    private static bool IsAddress(ReadOnlySpan<char> text, List<DigitGroup> groups, int first)
    {
        for (var index = first; index < first + 4; index++)
        {
            var isSeparated = index == first
                || (groups[index].Start == groups[index - 1].End + 1 && text[groups[index - 1].End] == '.');
            if (groups[index].Length > 3 || Value(text, groups[index]) > 255 || !isSeparated)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether it is part of a longer dotted number, such as an object identifier.</summary>
    private static bool IsPartOfLongerNumber(ReadOnlySpan<char> text, int start, int end) =>
        (start > 1 && text[start - 1] is '.' or '-' && char.IsAsciiLetterOrDigit(text[start - 2]))
        || (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]));

    private static int Value(ReadOnlySpan<char> text, DigitGroup group) =>
        int.Parse(text[group.Start..group.End], CultureInfo.InvariantCulture);
}
