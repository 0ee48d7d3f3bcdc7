using System.Globalization;
using Nexus.Redaction.Context;

namespace Nexus.Redaction.Detectors.Contact;

/// <summary>
/// Email addresses, with letters of any script. A domain without a dot needs a context word. Image files for high resolutions
/// (<c>logo@2x.png</c>) and addresses of git repositories are not email.
/// </summary>
internal sealed class EmailDetector : IDetector
{
    private const int MaxLocalPartLength = 64, MaxDomainLength = 253;

    private static readonly string[] _imageTypes = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif"];

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf('@'); at >= 0;)
        {
            var start = FindLocalPartStart(text, at);
            var end = FindDomainEnd(text, at + 1, out var isDotted);
            if (start < at && end > at + 1 && !IsGitRepository(text, start, at, end) && !IsImageFileName(text[(at + 1)..end]))
            {
                scan.Add(PiiKind.Email, start, end, isDotted ? 0.95 : scan.HasContext(ContextKind.Email, start) ? 0.7 : 0.3);
            }

            var more = text[(at + 1)..].IndexOf('@');
            at = more < 0 ? -1 : at + 1 + more;
        }
    }

    private static int FindLocalPartStart(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        if (at > 1 && text[at - 1] == '"')
        {
            // A quoted local part may contain spaces.
            var reach = Math.Max(0, at - 1 - MaxLocalPartLength);
            var quote = text[reach..(at - 1)].LastIndexOf('"');
            return quote < 0 ? at : reach + quote;
        }

        while (start > 0 && at - start < MaxLocalPartLength && IsLocalPartCharacter(text[start - 1]))
        {
            start--;
        }

        while (start < at && text[start] is '.' or '\'' or '-' or '%' or '+' or '&')
        {
            start++;
        }

        return start;
    }

    private static bool IsLocalPartCharacter(char unit) =>
        char.IsAsciiLetterOrDigit(unit) || unit is '.' or '_' or '%' or '+' or '-' or '\'' || IsNonAsciiLetter(unit);

    /// <summary>Letters and combining marks beyond ASCII.</summary>
    private static bool IsNonAsciiLetter(char unit) =>
        unit >= 0x80 && char.GetUnicodeCategory(unit) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsLetter(char unit) => char.IsAsciiLetter(unit) || IsNonAsciiLetter(unit);

    /// <summary>The end of the domain: that of its last alphabetic label, so that text which follows without a space is left out.</summary>
    private static int FindDomainEnd(ReadOnlySpan<char> text, int start, out bool isDotted)
    {
        var (end, at) = (0, start);
        isDotted = false;
        var limit = Math.Min(text.Length, start + MaxDomainLength);
        for (var labels = 0; at < limit; labels++)
        {
            var label = at;
            while (at < limit && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '-' || IsNonAsciiLetter(text[at])))
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

    private static bool IsGitRepository(ReadOnlySpan<char> text, int start, int at, int end) =>
        text[start..at].SequenceEqual("git") && end < text.Length && text[end] == ':';

    private static bool IsImageFileName(ReadOnlySpan<char> domain)
    {
        var dot = domain.IndexOf('.');
        return dot > 1
            && domain[dot - 1] == 'x'
            && !domain[..(dot - 1)].ContainsAnyExceptInRange('0', '9')
            && _imageTypes.AsSpan().Contains(domain[(dot + 1)..].ToString());
    }
}
