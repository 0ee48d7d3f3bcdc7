using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Nexus.Merkle;

/// <summary>Builds the text of one canonical document in pooled memory. Dispose returns the buffer to the pool.</summary>
internal sealed class CanonicalWriter : IDisposable
{
    private static readonly SearchValues<char> _escaped =
        SearchValues.Create(
            "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true); // callers' content must not stay in the pool
        _buffer = [];
    }

    public void Byte(char ascii)
    {
        if (_length == _buffer.Length)
        {
            Reserve(1);
        }

        _buffer[_length++] = (byte)ascii;
    }

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        _length += utf8.Length;
    }

    /// <summary>Writes the raw content of a JSON string without backslashes, which is already canonical.</summary>
    public void Unescaped(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw NotWellFormed();
        }

        Byte('"');
        Raw(utf8);
        Byte('"');
    }

    public void String(ReadOnlySpan<char> text)
    {
        Byte('"');
        while (true)
        {
            var plain = text.IndexOfAny(_escaped);
            Transcode(plain < 0 ? text : text[..plain]);
            if (plain < 0)
            {
                break;
            }

            Escape(text[plain]);
            text = text[(plain + 1)..];
        }

        Byte('"');
    }

    public void Number(ReadOnlySpan<byte> literal)
    {
        if (CanonicalNumber.IsDigits(literal) && literal is not [(byte)'-', (byte)'0'] && CanonicalNumber.IsExactInteger(literal))
        {
            Raw(literal);
            return;
        }

        if (!CanonicalNumber.TryParse(literal, out var value))
        {
            throw new FormatException("A number is too large to be written exactly.");
        }

        _length += CanonicalNumber.Format(value, Reserve(CanonicalNumber.MaxLength));
    }

    public void Number(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        Number(digits[..length]);
    }

    public static FormatException NotWellFormed() => new("A string is not well-formed Unicode.");

    private void Transcode(ReadOnlySpan<char> text)
    {
        var target = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        if (Utf8.FromUtf16(text, target, out _, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            throw NotWellFormed();
        }

        _length += written;
    }

    private void Escape(char symbol)
    {
        Byte('\\');
        switch (symbol)
        {
            case '"' or '\\': Byte(symbol); break;
            case '\b': Byte('b'); break;
            case '\t': Byte('t'); break;
            case '\n': Byte('n'); break;
            case '\f': Byte('f'); break;
            case '\r': Byte('r'); break;
            default:
                Raw("u00"u8);
                Byte("0123456789abcdef"[symbol >> 4]);
                Byte("0123456789abcdef"[symbol & 15]);
                break;
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + count), _buffer.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}
