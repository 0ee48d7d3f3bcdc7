using System.Text;
using Microsoft.Net.Http.Headers;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// Decodes text without guessing. The charset comes from the byte order mark, then the parameter, then the content type, then a
/// declaration inside the asset, else it is UTF-8. An invalid byte makes the asset unreadable.
/// </summary>
internal static class TextDecoding
{
    private static readonly string[] _charsets = ["auto", "utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16le", "utf-16be"];

    /// <summary>The parameter that every text op has.</summary>
    public static AtomParam CharsetParam { get; } = AtomParam.OneOf(
        "charset",
        "auto",
        _charsets,
        "The text's charset; auto: its byte order mark, its content type, or UTF-8.");

    /// <summary>Decodes an op's input.</summary>
    /// <returns>The text without byte order mark, and the charset used.</returns>
    public static (string Text, string Charset) Decode(OpInput input, string? declaredInside = null)
    {
        var bytes = input.Bytes.Span;
        var (marked, skip) = DetectByteOrderMark(bytes);
        var asked = input.Params.GetString("charset");
        var charset = marked
            ?? (asked != "auto" ? asked : NormalizeCharset(GetDeclaredCharset(input.ContentType) ?? declaredInside ?? "utf-8"));
        try
        {
            var text = GetEncoding(charset).GetString(bytes[skip..]);
            return text.Contains('\0', StringComparison.Ordinal)
                ? throw AtomErrors.UnreadableAsset("The text contains a null character (U+0000).")
                : (text, charset);
        }
        catch (DecoderFallbackException failure)
        {
            throw AtomErrors.UnreadableAsset(
                string.Create(CultureInfo.InvariantCulture, $"The asset is not valid {charset} at byte {failure.Index + skip}."));
        }
    }

    private static string? GetDeclaredCharset(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Charset.Length > 0 ? type.Charset.Value!.Trim('"') : null;

    private static (string? Charset, int Length) DetectByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("\ufeff"u8) ? ("utf-8", 3)
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF])
            ? throw AtomErrors.UnreadableAsset("UTF-32 is not supported.")
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) ? ("utf-16le", 2)
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? ("utf-16be", 2)
        : (null, 0);

    /// <summary>Maps common aliases to one name. Unlike in HTML, ISO-8859-1 does not mean Windows-1252.</summary>
    private static string NormalizeCharset(string charset) => charset.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" => "utf-8",
        "us-ascii" or "ascii" => "us-ascii",
        "iso-8859-1" or "latin1" => "iso-8859-1",
        "windows-1252" or "cp1252" => "windows-1252",
        "utf-16" or "utf-16le" => "utf-16le",
        "utf-16be" => "utf-16be",
        _ => throw AtomErrors.UnreadableAsset("Unsupported charset. Use one of: " + string.Join(", ", _charsets.Skip(1)) + "."),
    };

    private static Encoding GetEncoding(string charset) => charset switch
    {
        "utf-8" => new UTF8Encoding(false, throwOnInvalidBytes: true),
        "utf-16le" => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true),
        "utf-16be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true),
        "windows-1252" =>
            CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!,
        _ => System.Text.Encoding.GetEncoding(charset, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
    };
}
