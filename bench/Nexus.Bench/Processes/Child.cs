using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nexus.Bench.Processes;

/// <summary>A server run as a child, so that its memory and its cores are its own.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private Child(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    public TimeSpan Ready { get; private set; }

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts it and waits until <paramref name="ready"/> answers 200. Throws, with what it printed, if it never does.</summary>
    public static async Task<Child> StartAsync(
        string program, IEnumerable<string> arguments, IPEndPoint address, string ready,
        IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        var child = new Child(Process.Start(start)!, address);
        child._process.OutputDataReceived += child.Keep;
        child._process.ErrorDataReceived += child.Keep;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!await AnswersAsync(client, new Uri($"http://{address}{ready}")))
        {
            if (child._process.HasExited || clock.Elapsed > _patience)
            {
                var output = child.Output;
                await child.DisposeAsync();
                throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} did not become ready:\n{output}");
            }

            await Task.Delay(10);
        }

        child.Ready = clock.Elapsed;
        return child;
    }

    public static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Resident memory now, and at its highest since the start, in MB.</summary>
    public (double Now, double Peak) Memory()
    {
        var status = File.ReadAllLines($"/proc/{_process.Id}/status");
        return (Line("VmRSS:"), Line("VmHWM:"));

        double Line(string name) => double.Parse(
            status.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace(
                "kB",
                "",
                StringComparison.Ordinal),
            CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text)
        {
            _lines.Enqueue(text);
            while (_lines.Count > 100)
            {
                _lines.TryDequeue(out _);
            }
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client, Uri url)
    {
        try
        {
            using var response = await client.GetAsync(url);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
