using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Nexus.Bench.Load;

/// <summary>One keep-alive connection with at most one request under way.</summary>
internal sealed class Connection : IDisposable
{
    private byte[] _received = new byte[64 * 1024];
    private int _count;
    private long _sentAt;

    public Connection(IPEndPoint target)
    {
        Socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(target);
    }

    public Socket Socket { get; }

    public bool Waiting { get; private set; }

    public void Send(ReadOnlySpan<byte> request)
    {
        _sentAt = Stopwatch.GetTimestamp();
        _count = 0;
        Waiting = true;
        while (request.Length > 0)
        {
            request = request[Socket.Send(request)..];
        }
    }

    /// <summary>Reads what has arrived. Null while the answer is incomplete; status 0 when the server hung up.</summary>
    public Answer? Receive()
    {
        if (_count == _received.Length)
        {
            Array.Resize(ref _received, _received.Length * 2);
        }

        var read = Socket.Receive(_received.AsSpan(_count));
        _count += read;
        var length = HttpResponse.Length(_received.AsSpan(0, _count), out var status);
        if (read > 0 && length == 0)
        {
            return null;
        }

        Waiting = false;
        return new Answer(
            read == 0 ? 0 : status, Stopwatch.GetTimestamp() - _sentAt, _received.AsMemory(0, length));
    }

    public void Dispose() => Socket.Dispose();
}

/// <summary>A finished exchange. <see cref="Whole"/>, headers included, is valid until the connection sends again.</summary>
internal readonly record struct Answer(int Status, long Ticks, ReadOnlyMemory<byte> Whole)
{
    public byte[] Content() => Whole.IsEmpty ? [] : HttpResponse.Content(Whole.Span);
}
