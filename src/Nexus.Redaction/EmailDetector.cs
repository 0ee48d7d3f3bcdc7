using System.Globalization;

namespace Nexus.Redaction;

/// <summary>
/// E-mail addresses, with letters of any script. A domain without a dot needs a word of its subject nearby; names of image files at
/// double size and addresses of git repositories are none.
/// </summary>
internal sealed class EmailDetector : IDetector
{
    private const int LongestLocal = 64, LongestDomain = 253;

    private static readonly string[] _imageTypes = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif"];

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf('@'); at >= 0;)
        {
            var start = LocalStart(text, at);
            var end = DomainEnd(text, at + 1, out var isDotted);
            if (start < at && end > at + 1 && !IsRepository(text, start, at, end) && !IsImage(text[(at + 1)..end]))
            {
                scan.Add(PiiKind.Email, start, end, isDotted ? 0.95 : scan.Speaks(Topic.Email, start) ? 0.7 : 0.3);
            }

            var more = text[(at + 1)..].IndexOf('@');
            at = more < 0 ? -1 : at + 1 + more;
        }
    }

    private static int LocalStart(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        if (at > 1 && text[at - 1] == '"')
        {
            // A quoted name may hold spaces.
            var reach = Math.Max(0, at - 1 - LongestLocal);
            var quote = text[reach..(at - 1)].LastIndexOf('"');
            return quote < 0 ? at : reach + quote;
        }

        while (start > 0 && at - start < LongestLocal && IsLocal(text[start - 1]))
        {
            start--;
        }

        while (start < at && text[start] is '.' or '\'' or '-' or '%' or '+' or '&')
        {
            start++;
        }

        return start;
    }

    private static bool IsLocal(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '.' or '_' or '%' or '+' or '-' or '\'' || IsOther(unit);

    /// <summary>Letters, marks and digits beyond ASCII.</summary>
    private static bool IsOther(char unit) =>
        unit >= 0x80 && char.GetUnicodeCategory(unit) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsLetter(char unit) => char.IsAsciiLetter(unit) || IsOther(unit);

    /// <summary>Where the domain ends: after the last label of letters, so that what follows it without a space is not part of it.</summary>
    private static int DomainEnd(ReadOnlySpan<char> text, int start, out bool isDotted)
    {
        var (end, at) = (0, start);
        isDotted = false;
        var limit = Math.Min(text.Length, start + LongestDomain);
        for (var labels = 0; at < limit; labels++)
        {
            var label = at;
            while (at < limit && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '-' || IsOther(text[at])))
            {
                at++;
            }

            if (at == label || text[label] == '-')
            {
                break;
            }

            var letters = label;
            while (letters < at && IsLetter(text[letters]))
            {
                letters++;
            }

            if (text[label..at].StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
            {
                letters = at;
            }

            if (letters - label >= 2 && (labels > 0 || letters == at))
            {
                (end, isDotted) = (letters, labels > 0);
            }

            if (at >= limit || text[at] != '.')
            {
                break;
            }

            at++;
        }

        return end;
    }

    private static bool IsRepository(ReadOnlySpan<char> text, int start, int at, int end) =>
        text[start..at].SequenceEqual("git") && end < text.Length && text[end] == ':';

    private static bool IsImage(ReadOnlySpan<char> domain)
    {
        var dot = domain.IndexOf('.');
        return dot > 1 && domain[dot - 1] == 'x' && !domain[..(dot - 1)].ContainsAnyExceptInRange('0', '9') && _imageTypes.AsSpan().Contains(domain[(dot + 1)..].ToString());
    }
}
