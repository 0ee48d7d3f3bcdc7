namespace Nexus.Tests.Merkle;

/// <summary>Returns its bytes in pieces of varying length. An endless stream starts again at the end.</summary>
internal sealed class SlowStream(byte[] bytes, bool endless = false) : MemoryStream(bytes)
{
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (endless && Position == Length)
        {
            Position = 0;
        }

        return base.ReadAsync(endless ? buffer : buffer[..Math.Min(buffer.Length, 1 + (_reads++ * 7919 % 1000))], cancellationToken);
    }
}
