using System.Buffers;

namespace Nexus.Redaction;

/// <summary>URLs with a password before the host, or with a token in the query. The whole URL goes: its path may say as much.</summary>
internal sealed class CredentialUrlDetector : IDetector
{
    private const int LongestScheme = 20, LongestUserInfo = 512, LongestUrl = 4096;

    private static readonly SearchValues<char> _endsUrl = SearchValues.Create(" \t\r\n\"'<>`{}|\\^\uFFFC");

    private static readonly string[] _secretNames =
    [
        "token", "access_token", "id_token", "refresh_token", "auth", "auth_token", "api_key", "apikey", "api-key", "key", "password", "passwd", "pwd", "secret", "client_secret",
        "sig", "signature", "x-amz-signature", "x-amz-security-token", "x-goog-signature", "code", "session", "sessionid", "jwt",
    ];

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0;)
        {
            var host = at + 3;
            var start = at;
            while (start > 0 && at - start < LongestScheme && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '+' or '-' or '.'))
            {
                start--;
            }

            var rest = text[host..Math.Min(text.Length, host + LongestUrl)];
            var length = rest.IndexOfAny(_endsUrl);
            var url = length < 0 ? rest : rest[..length];
            if (start < at && (HasPassword(url) || HasSecret(url)))
            {
                scan.Add(PiiKind.Url, start, host + url.TrimEnd(".,;:!?)]").Length, 0.95);
                host += url.Length;
            }

            var more = text[host..].IndexOf("://", StringComparison.Ordinal);
            at = more < 0 ? -1 : host + more;
        }
    }

    private static bool HasPassword(ReadOnlySpan<char> url)
    {
        var slash = url[..Math.Min(url.Length, LongestUserInfo)].IndexOfAny('/', '?', '#');
        var authority = slash < 0 ? url[..Math.Min(url.Length, LongestUserInfo)] : url[..slash];
        var at = authority.LastIndexOf('@');
        var colon = authority.IndexOf(':');
        return at > 0 && colon >= 0 && colon < at - 1;
    }

    private static bool HasSecret(ReadOnlySpan<char> url)
    {
        var query = url.IndexOfAny('?', '#');
        if (query < 0)
        {
            return false;
        }

        // A URL within is looked at by itself, or a text of many would be looked at as often.
        var pairs = url[(query + 1)..];
        var inner = pairs.IndexOf("://", StringComparison.Ordinal);
        pairs = inner < 0 ? pairs : pairs[..inner];
        foreach (var pair in pairs.SplitAny('&', ';'))
        {
            var member = pairs[pair];
            if (member.IndexOf('=') is > 0 and var equals && equals < member.Length - 1)
            {
                foreach (var name in _secretNames)
                {
                    if (member[..equals].Equals(name, StringComparison.OrdinalIgnoreCase))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
