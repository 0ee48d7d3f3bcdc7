using System.Text;

namespace Nexus.Server.Platform.Http;

/// <summary>
/// Reads <c>Content-Length</c> so that only digits come out as digits: Kestrel itself takes <c>+2</c> for 2, a proxy before it may not,
/// and two readings of a length are how requests are smuggled.
/// </summary>
internal sealed class StrictContentLength : Encoding
{
    /// <summary>The one instance.</summary>
    public static StrictContentLength Instance { get; } = new();

    /// <inheritdoc />
    public override int GetByteCount(char[] chars, int index, int count) => count;

    /// <inheritdoc />
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc />
    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <inheritdoc />
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
        {
            var character = (char)bytes[byteIndex + i];
            chars[charIndex + i] = char.IsAsciiDigit(character) ? character : '?';
        }

        return byteCount;
    }

    /// <inheritdoc />
    public override int GetMaxByteCount(int charCount) => charCount;

    /// <inheritdoc />
    public override int GetMaxCharCount(int byteCount) => byteCount;
}
