namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// What comes out of a compressed part, counted as it comes: what the archive says of its size is not believed.
/// </summary>
/// <param name="inner">The inflating stream; disposed with this one.</param>
/// <param name="compressed">How many bytes go in.</param>
internal sealed class DecompressionGuardStream(Stream inner, long compressed) : Stream
{
    /// <summary>The largest part, in bytes.</summary>
    public const long MaxBytes = 64 << 20;

    /// <summary>How many times larger than what went in a part may be, once it is over <see cref="RatioExemptBytes"/> bytes.</summary>
    public const long MaxRatio = 200;

    /// <summary>Below this size no ratio is asked.</summary>
    public const long RatioExemptBytes = 1 << 20;

    private long _read;

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override bool CanWrite => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _read += read;
        if (_read > MaxBytes || (_read > RatioExemptBytes && _read / MaxRatio > compressed))
        {
            throw AtomErrors.UnreadableAsset("A part of the archive is too large for what it was compressed to.");
        }

        return read;
    }

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
