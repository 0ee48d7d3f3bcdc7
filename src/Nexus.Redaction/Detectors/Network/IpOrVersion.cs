using System.Globalization;
using Nexus.Redaction.Context;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Network;

/// <summary>Tells whether four numbers with dots are an IP address, or a version or section number.</summary>
internal static class IpOrVersion
{
    private const int MaxWordDistance = 40, MaxVersionPart = 31;

    /// <summary>Well-known public DNS servers, whose parts are as small as those of a version.</summary>
    private static readonly string[] _publicResolvers = ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"];

    /// <summary>Whether what has the format of an address is a version. If in doubt, it is an address.</summary>
    public static bool IsVersion(TextScan scan, int start, int end)
    {
        var text = scan.Text;
        if (IsPrivate(text[start..end]))
        {
            // Software is not numbered 192.168.1.20, unless the word right before says so: version 10.0.0.1.
            return scan.HasContext(ContextKind.Version, start, 4) && (scan.PropertyContext & ContextKind.Host) == ContextKind.None;
        }

        if (IsUsedAsAddress(text, start, end))
        {
            return false;
        }

        var context = scan.Context.FindBefore(text, start, MaxWordDistance, ContextKind.Version | ContextKind.Host, out var word);
        if (context == ContextKind.None || ContainsInteger(text[word..start]))
        {
            context = scan.PropertyContext & (ContextKind.Version | ContextKind.Host);
        }

        return context != ContextKind.None
            ? (context & ContextKind.Version) != ContextKind.None
            : IsAfterComparison(text, start)
                || IsAfterProductName(text, start)
                || HasVersionSuffix(text, end)
                || (start > 0
                    && text[start - 1] == ' '
                    && scan.Context.FindBefore(text, start, 1, ContextKind.Software) != ContextKind.None)
                || (HasSmallParts(text[start..end]) && !IsPublicResolver(text[start..end]));
    }

    /// <summary>Ranges of private networks: 10/8, 172.16/12, 192.168/16, 169.254/16 and 100.64/10.</summary>
    private static bool IsPrivate(ReadOnlySpan<char> address)
    {
        var dot = address.IndexOf('.');
        var first = int.Parse(address[..dot], CultureInfo.InvariantCulture);
        var rest = address[(dot + 1)..];
        var second = int.Parse(rest[..rest.IndexOf('.')], CultureInfo.InvariantCulture);
        return (first, second) is (10, _) or (172, >= 16 and <= 31) or (192, 168) or (169, 254) or (100, >= 64 and <= 127);
    }

    /// <summary>Whether it stands in a URL, after a user name, or before a port or prefix length.</summary>
    private static bool IsUsedAsAddress(ReadOnlySpan<char> text, int start, int end) =>
        (start > 1 && text[start - 1] == '/' && text[start - 2] == '/')
        || (start > 0 && text[start - 1] is '@' or '[')
        || (end + 1 < text.Length && text[end] is ':' or '/' && char.IsAsciiDigit(text[end + 1]));

    /// <summary>
    /// Whether there is an integer in between, which the context word belongs to instead: <c>version 2 ran at 77.1.4.200</c>. A number
    /// with dots is one more of the same list.
    /// </summary>
    private static bool ContainsInteger(ReadOnlySpan<char> between) =>
        between.TrimStart("0123456789").ContainsAnyInRange('0', '9') && !between.Contains('.');

    /// <summary>Whether a requirement (<c>>=</c>, <c>==</c>, <c>~></c>, <c>^</c>) or a lone <c>v</c> (<c>v="</c>) precedes.</summary>
    private static bool IsAfterComparison(ReadOnlySpan<char> text, int start)
    {
        var before = text[..start].TrimEnd(' ');
        var v = before.TrimEnd("\"'=. ");
        return before is [.., '<' or '>' or '~' or '^' or '≥' or '≤'] or [.., '=' or '<' or '>' or '!' or '~', '=']
            || (v is [.., 'v' or 'V'] && before.Length - v.Length <= 2 && (v.Length == 1 || !WordBoundary.IsWordCharacter(v[^2])));
    }

    /// <summary>
    /// Whether a product of a <c>User-Agent</c> precedes, such as <c>Chrome/120.0.0.0</c>: a capitalized name without a path or host
    /// before it.
    /// </summary>
    private static bool IsAfterProductName(ReadOnlySpan<char> text, int start)
    {
        if (start < 3 || text[start - 1] != '/')
        {
            return false;
        }

        var name = start - 1;
        while (name > 0 && char.IsAsciiLetter(text[name - 1]))
        {
            name--;
        }

        return start - 1 - name >= 2
            && char.IsAsciiLetterUpper(text[name])
            && (name == 0 || text[name - 1] is ' ' or '(' or '"' or '`' or '\'' or '\n' or ';' or ',');
    }

    /// <summary>Whether a suffix follows: <c>-beta</c>, <c>-1ubuntu2</c>, <c>+build</c>. The end of a range is not a suffix.</summary>
    private static bool HasVersionSuffix(ReadOnlySpan<char> text, int end)
    {
        if (end + 1 >= text.Length || text[end] is not ('-' or '+'))
        {
            return false;
        }

        var at = end + 1;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at < text.Length && char.IsAsciiLetter(text[at]);
    }

    /// <summary>Whether all parts are as small as those of most versions, as in one address of 4,000.</summary>
    private static bool HasSmallParts(ReadOnlySpan<char> address)
    {
        foreach (var part in address.Split('.'))
        {
            if (int.Parse(address[part], CultureInfo.InvariantCulture) > MaxVersionPart)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPublicResolver(ReadOnlySpan<char> address)
    {
        foreach (var resolver in _publicResolvers)
        {
            if (address.SequenceEqual(resolver))
            {
                return true;
            }
        }

        return false;
    }
}
