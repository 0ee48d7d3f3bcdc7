namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>
/// Limits what is read from a compressed part. It counts the bytes as they are inflated, since the size that the archive states
/// cannot be trusted.
/// </summary>
/// <param name="inner">The inflating stream; disposed with this one.</param>
/// <param name="compressed">The size of the compressed part in bytes.</param>
internal sealed class DecompressionGuardStream(Stream inner, long compressed) : Stream
{
    /// <summary>Maximum size of an inflated part in bytes.</summary>
    public const long MaxBytes = 64 << 20;

    /// <summary>Maximum compression ratio of a part larger than <see cref="RatioExemptBytes"/>.</summary>
    public const long MaxRatio = 200;

    /// <summary>Parts up to this size may have any ratio.</summary>
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
            throw AtomErrors.UnreadableAsset("A part of the archive is too large, or is compressed too much.");
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
