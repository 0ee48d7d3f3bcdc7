using System.Buffers;
using Nexus.Redaction.Text;

namespace Nexus.Redaction.Detectors.Secrets;

/// <summary>Keys and tokens with well-known prefixes (<see cref="ApiKeyFormat"/>), JSON Web Tokens, and tokens of Telegram bots.</summary>
internal sealed class ApiKeyDetector : IDetector
{
    private const string JwtPrefix = "eyJ", BotTokenPrefix = ":AA";

    /// <summary>How much of a key is read before it is known to be one, which keeps the scan linear.</summary>
    private const int MaxProbeLength = 256;

    private static readonly SearchValues<string> _prefixes = SearchValues.Create(
        [.. ApiKeyFormat.All.Select(format => format.Prefix), JwtPrefix, BotTokenPrefix], StringComparison.Ordinal);

    private static readonly ILookup<char, ApiKeyFormat> _formats =
        ApiKeyFormat.All.OrderByDescending(format => format.Prefix.Length).ToLookup(format => format.Prefix[0]);

    private static readonly SearchValues<char> _base64Url =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>Whether a text contains any prefix.</summary>
    public static bool ContainsPrefix(ReadOnlySpan<char> text) => text.ContainsAny(_prefixes);

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        for (int at = 0, noJwtBefore = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(_prefixes);
            if (next < 0)
            {
                return;
            }

            at += next;
            var (start, end) = text[at] == ':' ? BotTokenAt(text, at) : KeyAt(text, at, ref noJwtBefore);
            if (end > start)
            {
                scan.Add(PiiKind.ApiKey, start, end, 0.95);
            }

            at = Math.Max(at + 1, end);
        }
    }

    /// <summary>The key that begins at a position; empty if none does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The position of a prefix.</param>
    /// <param name="noJwtBefore">The position before which no JSON Web Token is known to begin.</param>
    private static (int Start, int End) KeyAt(ReadOnlySpan<char> text, int at, ref int noJwtBefore)
    {
        if (at > 0 && WordBoundary.IsWordCharacter(text[at - 1]))
        {
            return default;
        }

        var rest = text[at..];
        if (rest.StartsWith(JwtPrefix, StringComparison.Ordinal))
        {
            return at < noJwtBefore ? default : (at, at + JwtLength(rest, at, ref noJwtBefore));
        }

        foreach (var format in _formats[text[at]])
        {
            if (!rest.StartsWith(format.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var body = rest[format.Prefix.Length..];
            var length = RunLength(body[..Math.Min(body.Length, MaxProbeLength)], format.Body);
            // Without a digit it is a hyphenated phrase.
            if (length >= format.MinBodyLength && body[..length].ContainsAnyInRange('0', '9'))
            {
                var from = format.Prefix[^1] is ' ' or '=' ? at + format.Prefix.Length : at;
                return (from, at + format.Prefix.Length + RunLength(body, format.Body));
            }
        }

        return default;
    }

    /// <summary>The length of a JSON Web Token: three parts, or five if encrypted; 0 if there is none.</summary>
    private static int JwtLength(ReadOnlySpan<char> text, int start, ref int noJwtBefore)
    {
        var (parts, at) = (0, 0);
        while (parts < 5)
        {
            var length = RunLength(text[at..], _base64Url);
            if (parts == 0)
            {
                noJwtBefore = start + length; // another prefix in the same part would end at the same place
            }

            at += length;
            parts++;
            if (at >= text.Length || text[at] != '.')
            {
                break;
            }

            at++;
        }

        return parts >= 3 && noJwtBefore - start >= 10 ? at : 0;
    }

    private static int RunLength(ReadOnlySpan<char> text, SearchValues<char> allowed) =>
        text.IndexOfAnyExcept(allowed) is >= 0 and var length ? length : text.Length;

    private static (int Start, int End) BotTokenAt(ReadOnlySpan<char> text, int colon)
    {
        var start = colon;
        while (start > 0 && colon - start < 10 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        var end = colon + 1 + RunLength(text[(colon + 1)..], _base64Url);
        var hasLengths = colon - start >= 8 && end - colon - 1 is >= 32 and <= 40;
        return hasLengths && WordBoundary.IsStandalone(text, start, end) ? (start, end) : default;
    }
}
