using System.Buffers;

namespace Nexus.Redaction;

/// <summary>Keys and tokens of well-known prefixes (<see cref="ApiKeyForm"/>), JSON web tokens, and tokens of Telegram bots.</summary>
internal sealed class ApiKeyDetector : IDetector
{
    private const string Jwt = "eyJ", Bot = ":AA";

    /// <summary>How far a key is looked at before it is known to be one.</summary>
    private const int Enough = 256;

    private static readonly SearchValues<string> _prefixes = SearchValues.Create([.. ApiKeyForm.All.Select(form => form.Prefix), Jwt, Bot], StringComparison.Ordinal);

    private static readonly ILookup<char, ApiKeyForm> _forms = ApiKeyForm.All.OrderByDescending(form => form.Prefix.Length).ToLookup(form => form.Prefix[0]);

    private static readonly SearchValues<char> _base64Url = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>Whether a text holds a prefix at all.</summary>
    public static bool MayHold(ReadOnlySpan<char> text) => text.ContainsAny(_prefixes);

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        for (int at = 0, barren = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(_prefixes);
            if (next < 0)
            {
                return;
            }

            at += next;
            var (start, end) = text[at] == ':' ? BotToken(text, at) : At(text, at, ref barren);
            if (end > start)
            {
                scan.Add(PiiKind.ApiKey, start, end, 0.95);
            }

            at = Math.Max(at + 1, end);
        }
    }

    /// <summary>The key that begins at a place.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where a prefix stands.</param>
    /// <param name="barren">Up to where it is known that no web token begins.</param>
    private static (int Start, int End) At(ReadOnlySpan<char> text, int at, ref int barren)
    {
        if (at > 0 && Edges.IsWord(text[at - 1]))
        {
            return default;
        }

        var rest = text[at..];
        if (rest.StartsWith(Jwt, StringComparison.Ordinal))
        {
            return at < barren ? default : (at, at + JwtLength(rest, at, ref barren));
        }

        foreach (var form in _forms[text[at]])
        {
            if (!rest.StartsWith(form.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var body = rest[form.Prefix.Length..];
            var length = Run(body[..Math.Min(body.Length, Enough)], form.Body);
            // A word of that length has no digit: a sentence with hyphens is no key.
            if (length >= form.Least && body[..length].ContainsAnyInRange('0', '9'))
            {
                var from = form.Prefix[^1] is ' ' or '=' ? at + form.Prefix.Length : at;
                return (from, at + form.Prefix.Length + Run(body, form.Body));
            }
        }

        return default;
    }

    /// <summary>Header, payload and signature (or the five parts of an encrypted token); 0 where it is none.</summary>
    private static int JwtLength(ReadOnlySpan<char> text, int start, ref int barren)
    {
        var (parts, at) = (0, 0);
        while (parts < 5)
        {
            var length = Run(text[at..], _base64Url);
            if (parts == 0)
            {
                barren = start + length; // in the same part another would end no better
            }

            at += length;
            parts++;
            if (at >= text.Length || text[at] != '.')
            {
                break;
            }

            at++;
        }

        return parts >= 3 && barren - start >= 10 ? at : 0;
    }

    private static int Run(ReadOnlySpan<char> text, SearchValues<char> of) => text.IndexOfAnyExcept(of) is >= 0 and var length ? length : text.Length;

    private static (int Start, int End) BotToken(ReadOnlySpan<char> text, int colon)
    {
        var start = colon;
        while (start > 0 && colon - start < 10 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        var end = colon + 1 + Run(text[(colon + 1)..], _base64Url);
        return colon - start >= 8 && end - colon - 1 is >= 32 and <= 40 && Edges.AreFree(text, start, end) ? (start, end) : default;
    }
}
