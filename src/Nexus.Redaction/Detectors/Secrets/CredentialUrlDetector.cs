using System.Buffers;

namespace Nexus.Redaction.Detectors.Secrets;

/// <summary>
/// URLs with a password before the host, or with a token in the query or fragment. The whole URL is redacted, as its path may be
/// sensitive, too.
/// </summary>
internal sealed class CredentialUrlDetector : IDetector
{
    private const int MaxSchemeLength = 20, MaxUserInfoLength = 512, MaxUrlLength = 4096;

    private static readonly SearchValues<char> _urlTerminators = SearchValues.Create(" \t\r\n\"'<>`{}|\\^\uFFFC");

    private static readonly string[] _secretParameters =
    [
        "token", "access_token", "id_token", "refresh_token", "auth", "auth_token", "api_key", "apikey", "api-key", "key",
        "password", "passwd", "pwd", "secret", "client_secret",
        "sig", "signature", "x-amz-signature", "x-amz-security-token", "x-goog-signature", "code", "session", "sessionid", "jwt",
    ];

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf("://", StringComparison.Ordinal); at >= 0;)
        {
            var host = at + 3;
            var start = at;
            while (start > 0
                && at - start < MaxSchemeLength
                && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '+' or '-' or '.'))
            {
                start--;
            }

            var rest = text[host..Math.Min(text.Length, host + MaxUrlLength)];
            var length = rest.IndexOfAny(_urlTerminators);
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
        var slash = url[..Math.Min(url.Length, MaxUserInfoLength)].IndexOfAny('/', '?', '#');
        var authority = slash < 0 ? url[..Math.Min(url.Length, MaxUserInfoLength)] : url[..slash];
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

        // A nested URL is checked on its own. Checking it here too would take quadratic time.
        var pairs = url[(query + 1)..];
        var inner = pairs.IndexOf("://", StringComparison.Ordinal);
        pairs = inner < 0 ? pairs : pairs[..inner];
        foreach (var pair in pairs.SplitAny('&', ';'))
        {
            var parameter = pairs[pair];
            if (parameter.IndexOf('=') is > 0 and var equals && equals < parameter.Length - 1)
            {
                foreach (var name in _secretParameters)
                {
                    if (parameter[..equals].Equals(name, StringComparison.OrdinalIgnoreCase))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
