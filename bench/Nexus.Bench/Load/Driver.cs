using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nexus.Bench.Load;

/// <summary>
/// Closed-loop load from one thread: as many requests under way as connections, each sent when the one before
/// it on its connection is answered. One thread over poll(2) costs the machine far less than the server does,
/// which matters where both share two cores.
/// </summary>
internal static class Driver
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends the requests in turn, over and over, until the window closes; waits for what is under way.</summary>
    public static LoadResult Run(
        IPEndPoint target, IReadOnlyList<byte[]> requests, int connections, TimeSpan window, Action<byte[]>? seen = null)
    {
        var result = new LoadResult();
        var open = new List<Connection>();
        var next = 0;
        try
        {
            for (var i = 0; i < connections; i++)
            {
                open.Add(new Connection(target));
            }

            var sockets = open.ToDictionary(c => c.Socket);
            var started = Stopwatch.GetTimestamp();
            foreach (var connection in open)
            {
                connection.Send(requests[next++ % requests.Count]);
            }

            var readable = new List<Socket>(connections);
            while (true)
            {
                readable.Clear();
                foreach (var connection in open)
                {
                    if (connection.Waiting)
                    {
                        readable.Add(connection.Socket);
                    }
                }

                if (readable.Count == 0)
                {
                    break;
                }

                Socket.Select(readable, null, null, TimeSpan.FromMilliseconds(100));
                var elapsed = Stopwatch.GetElapsedTime(started);
                if (elapsed > window + _patience)
                {
                    result.Fail(0, "no answer");
                    break;
                }

                foreach (var socket in readable)
                {
                    var connection = sockets[socket];
                    if (connection.Receive() is not { } answer)
                    {
                        continue;
                    }

                    if (answer.Status is >= 200 and < 300)
                    {
                        seen?.Invoke(answer.Content());
                    }
                    else
                    {
                        result.Fail(answer.Status, Encoding.UTF8.GetString(answer.Content()));
                    }

                    if (elapsed < window)
                    {
                        result.Count(answer);
                    }

                    if (answer.Status != 0 && elapsed < window)
                    {
                        connection.Send(requests[next++ % requests.Count]);
                    }
                }
            }
        }
        finally
        {
            open.ForEach(c => c.Dispose());
        }

        result.Close(window);
        return result;
    }

    /// <summary>Sends each request exactly once, and hands back the bodies in the order they were answered.</summary>
    public static List<byte[]> Each(IPEndPoint target, IEnumerable<byte[]> requests, int connections)
    {
        var bodies = new List<byte[]>();
        foreach (var chunk in requests.Chunk(connections))
        {
            // A window of nothing: every connection sends once, and the run ends when all are answered.
            var result = Run(target, chunk, chunk.Length, TimeSpan.Zero, bodies.Add);
            result.ThrowIfFailed();
        }

        return bodies;
    }
}
