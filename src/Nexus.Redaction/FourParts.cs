using System.Globalization;

namespace Nexus.Redaction;

/// <summary>Tells four numbers with dots that are a version, or a numbered part of a document, from those that are an address.</summary>
internal static class FourParts
{
    private const int Reach = 40, MaxOfVersion = 31;

    /// <summary>Answered by most networks, though their numbers are as small as a version's.</summary>
    private static readonly string[] _resolvers = ["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"];

    /// <summary>Whether an address in form is a version in meaning. In doubt it is an address.</summary>
    public static bool AreVersion(Scan scan, int start, int end)
    {
        var text = scan.Text;
        if (IsPrivate(text[start..end]))
        {
            // Nobody numbers software 192.168.1.20; 10.0.0.1 a word must call so.
            return scan.Speaks(Topic.Version, start, 4) && (scan.NameTopics & Topic.Host) == Topic.None;
        }

        if (IsAddressed(text, start, end))
        {
            return false;
        }

        var said = scan.Topics.Before(text, start, Reach, Topic.Version | Topic.Host, out var word);
        said = said == Topic.None || HasNumber(text[word..start]) ? scan.NameTopics & (Topic.Version | Topic.Host) : said;
        return said != Topic.None
            ? (said & Topic.Version) != Topic.None
            : IsCompared(text, start)
                || IsOfProduct(text, start)
                || HasSuffix(text, end)
                || (start > 0 && text[start - 1] == ' ' && scan.Topics.Before(text, start, 1, Topic.Software) != Topic.None)
                || (AreSmall(text[start..end]) && !IsResolver(text[start..end]));
    }

    /// <summary>10/8, 172.16/12, 192.168/16, 169.254/16 and 100.64/10: addresses of networks at home and at work.</summary>
    private static bool IsPrivate(ReadOnlySpan<char> address)
    {
        var dot = address.IndexOf('.');
        var first = int.Parse(address[..dot], CultureInfo.InvariantCulture);
        var rest = address[(dot + 1)..];
        var second = int.Parse(rest[..rest.IndexOf('.')], CultureInfo.InvariantCulture);
        return (first, second) is (10, _) or (172, >= 16 and <= 31) or (192, 168) or (169, 254) or (100, >= 64 and <= 127);
    }

    /// <summary>In a URL, after somebody's name, with a port or a network's length.</summary>
    private static bool IsAddressed(ReadOnlySpan<char> text, int start, int end) =>
        (start > 1 && text[start - 1] == '/' && text[start - 2] == '/')
        || (start > 0 && text[start - 1] is '@' or '[')
        || (end + 1 < text.Length && text[end] is ':' or '/' && char.IsAsciiDigit(text[end + 1]));

    /// <summary>Whether a whole number stands there, which a word before it speaks of. One of several parts is of the same list.</summary>
    private static bool HasNumber(ReadOnlySpan<char> between) => between.TrimStart("0123456789").ContainsAnyInRange('0', '9') && !between.Contains('.');

    /// <summary>A requirement: <c>>=</c>, <c>==</c>, <c>~></c>, <c>^</c>; or a <c>v</c> by itself: <c>v.</c>, <c>v="</c>.</summary>
    private static bool IsCompared(ReadOnlySpan<char> text, int start)
    {
        var before = text[..start].TrimEnd(' ');
        var v = before.TrimEnd("\"'=. ");
        return before is [.., '<' or '>' or '~' or '^' or '≥' or '≤'] or [.., '=' or '<' or '>' or '!' or '~', '=']
            || (v is [.., 'v' or 'V'] && before.Length - v.Length <= 2 && (v.Length == 1 || !Edges.IsWord(v[^2])));
    }

    /// <summary>A product of a <c>User-Agent</c>, such as <c>Chrome/120.0.0.0</c>: a name that begins with a capital, and no path or host before it.</summary>
    private static bool IsOfProduct(ReadOnlySpan<char> text, int start)
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

        return start - 1 - name >= 2 && char.IsAsciiLetterUpper(text[name]) && (name == 0 || text[name - 1] is ' ' or '(' or '"' or '`' or '\'' or '\n' or ';' or ',');
    }

    /// <summary><c>-beta</c>, <c>-1ubuntu2</c>, <c>+build</c>; not the other end of a range.</summary>
    private static bool HasSuffix(ReadOnlySpan<char> text, int end)
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

    /// <summary>Of four thousand addresses one has parts as small as most versions have; a word near it still makes it an address.</summary>
    private static bool AreSmall(ReadOnlySpan<char> address)
    {
        foreach (var part in address.Split('.'))
        {
            if (int.Parse(address[part], CultureInfo.InvariantCulture) > MaxOfVersion)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsResolver(ReadOnlySpan<char> address)
    {
        foreach (var resolver in _resolvers)
        {
            if (address.SequenceEqual(resolver))
            {
                return true;
            }
        }

        return false;
    }
}
