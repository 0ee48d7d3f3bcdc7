namespace Nexus.Redaction.Detectors.Secrets;

/// <summary>PEM blocks of private keys. A block without an end marker extends to the end of the text.</summary>
internal sealed class PrivateKeyDetector : IDetector
{
    private const string BeginMarker = "-----BEGIN ", EndMarker = "-----END ", Dashes = "-----";

    /// <summary>Enough for <c>ENCRYPTED PRIVATE KEY</c> and <c>PGP PRIVATE KEY BLOCK</c>.</summary>
    private const int MaxLabelLength = 40;

    /// <inheritdoc />
    public void Find(TextScan scan)
    {
        var text = scan.Text;
        for (var at = text.IndexOf(BeginMarker, StringComparison.Ordinal); at >= 0;)
        {
            var label = text[(at + BeginMarker.Length)..Math.Min(text.Length, at + BeginMarker.Length + MaxLabelLength + Dashes.Length)];
            var next = at + BeginMarker.Length;
            if (label.IndexOf(Dashes, StringComparison.Ordinal) is > 0 and var length
                && label[..length].Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                next = FindBlockEnd(text, next + length + Dashes.Length);
                scan.Add(PiiKind.PrivateKey, at, next, 1);
            }

            var more = text[next..].IndexOf(BeginMarker, StringComparison.Ordinal);
            at = more < 0 ? -1 : next + more;
        }
    }

    private static int FindBlockEnd(ReadOnlySpan<char> text, int body)
    {
        var end = text[body..].IndexOf(EndMarker, StringComparison.Ordinal);
        if (end < 0)
        {
            return text.Length;
        }

        var label = body + end + EndMarker.Length;
        var close = text[label..Math.Min(text.Length, label + MaxLabelLength + Dashes.Length)].IndexOf(Dashes, StringComparison.Ordinal);
        return close < 0 ? label : label + close + Dashes.Length;
    }
}
