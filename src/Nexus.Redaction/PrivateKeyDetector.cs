namespace Nexus.Redaction;

/// <summary>PEM blocks of private keys, from their first line to their last; to the end of the text where the last line is missing.</summary>
internal sealed class PrivateKeyDetector : IDetector
{
    private const string Begin = "-----BEGIN ", End = "-----END ", Close = "-----";

    /// <summary>Such as <c>ENCRYPTED PRIVATE KEY</c> or <c>PGP PRIVATE KEY BLOCK</c>.</summary>
    private const int LongestLabel = 40;

    /// <inheritdoc />
    public void Find(Scan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf(Begin, StringComparison.Ordinal); at >= 0;)
        {
            var label = text[(at + Begin.Length)..Math.Min(text.Length, at + Begin.Length + LongestLabel + Close.Length)];
            var next = at + Begin.Length;
            if (label.IndexOf(Close, StringComparison.Ordinal) is > 0 and var length && label[..length].Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                next = EndOfBlock(text, next + length + Close.Length);
                scan.Add(PiiKind.PrivateKey, at, next, 1);
            }

            var more = text[next..].IndexOf(Begin, StringComparison.Ordinal);
            at = more < 0 ? -1 : next + more;
        }
    }

    private static int EndOfBlock(ReadOnlySpan<char> text, int body)
    {
        var end = text[body..].IndexOf(End, StringComparison.Ordinal);
        if (end < 0)
        {
            return text.Length;
        }

        var label = body + end + End.Length;
        var close = text[label..Math.Min(text.Length, label + LongestLabel + Close.Length)].IndexOf(Close, StringComparison.Ordinal);
        return close < 0 ? label : label + close + Close.Length;
    }
}
