namespace Nexus.Testing.Redaction;

/// <summary>Texts made to be slow: what a detector looks for, repeated, in complete and in incomplete form.</summary>
public static class WorstCaseTexts
{
    /// <summary>The length that the benchmark measures.</summary>
    public const int Length = 64 * 1024;

    public static readonly string[] Pieces =
    [
        "@", "a@", "a@a.", "a.a.a.a", "a.", ".", "jane@example.com ", "jane@example.com", "\"a\"@", "\"@", "é@é.",
        "1", "11 ", "1 ", "1-", "1.", "1/", "(1) ", "+1", "+1 ", "(", ")", "0123 ", "01 ", "012-", "555-123-4567 ", "5551234567 call ",
        "call 1 ", "phone 12 34 56 ", "x1 ", "1x1",
        "4111 1111 1111 1111 ", "4111111111111111 ", "4111111111111112 ", "4 1 1 1 ", "41", "123-45-6789 ", "123-45-", "123456789 ",
        "900-70-0000 ",
        "GB", "GB8 ", "GB82", "GB82 ", "GB82WEST12345698765432 ", "GB82 W E S T 1 2 3 4 5 6 9 8 7 6 5 4 3 3 ",
        "1.1.", "1.1.1.1 ", "1.1.1.1.", "77.1.1.1-1", "Chrome/120.0.0.0 ", "version 77.1.1.1 ", "v 77.1.1.1", "612 345 678 and ",
        "12 34 56 79\n", ":", "::", "a:", "1:2:", "a::1 ", "fe80::1%a ", "0:0:0:0:0:0:0:0 ", "aa:", "aa-", "aa:bb:cc:dd:ee:ff ",
        "aa-bb-cc-dd-ee-ff", "aabb.ccdd.", "-",
        "://", "a://", "a://a:a@", "a://a:a@a ", "http://a?a=&", "http://a?token=", "sk-", "sk-a1", "ghp_", "eyJ", "eyJa1234567.", ":AA",
        "12345678:AA", "Bearer ", "AKIA",
        "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "-----END ", "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
        "AB123456C ", "AB 12 34 56 C ", "AB12 ", "12345678Z ", "X1234567L ", "12.345.678-Z ", "86095742719 ", "86 095 742 719 ",
        "9434765919 nhs ", "passport A1234567 ", "passport ", "zip 12345 ", "zip A9 ", "zip file ",
        "%", "%4", "%40", "%25", "%2", "%3", "%C3%A9", "%E2%80%8B", "&", "&#", "&#64;", "&amp;", "&amp;#64;", "&#x", ";", "\u200b",
        "\u00ad", "１", "＠", "\u2460", "\ud835\udfce", "\ud835", "[EMAIL]", "[EMAIL:3f9a]", "[EMAIL", "[", "_",
        "0192f3a4-5678-7123-8456-789012345678 ", "0192f3a4-",
        "2026-11-24 ", "2026-11-", "24.11.2026 ", "phone ", "phone", "number my ", "Aa", "a", " ", "\n",
    ];

    /// <summary>Each piece, repeated up to a length: alone, and followed by a finding, which causes a second round.</summary>
    public static IEnumerable<string> All(int length) =>
        Pieces.Select(piece => Repeat(piece, length)).SelectMany(text => new[] { text, text[..^20] + " call 555-123-4567 5" });

    private static string Repeat(string piece, int length) =>
        string.Concat(Enumerable.Repeat(piece, (length / piece.Length) + 1))[..length];
}
