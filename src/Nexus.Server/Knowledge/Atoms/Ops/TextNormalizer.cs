using System.Buffers;
using System.Text;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The form in which atoms store text and count characters: normalization form C with line feeds as line ends.</summary>
internal static class TextNormalizer
{
    private static readonly SearchValues<char> _breaks = SearchValues.Create("\r");

    /// <summary>Normalizes a text. Idempotent.</summary>
    public static string Normalize(string text) => NormalizeLineEndings(Nfc.Normalize(text));

    /// <summary>CR LF and CR become LF.</summary>
    private static string NormalizeLineEndings(string text)
    {
        if (!text.AsSpan().ContainsAny(_breaks))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        for (int at; (at = rest.IndexOfAny(_breaks)) >= 0;)
        {
            result.Append(rest[..at]).Append('\n');
            rest = rest[(at + 1)..];
            rest = rest.StartsWith("\n") ? rest[1..] : rest;
        }

        return result.Append(rest).ToString();
    }
}
