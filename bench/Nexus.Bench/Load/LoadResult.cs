using System.Diagnostics;
using System.Globalization;

namespace Nexus.Bench.Load;

/// <summary>What a window saw: answers, their rate and latency, and the first failure in full.</summary>
internal sealed class LoadResult
{
    private readonly List<long> _ticks = new(1 << 20);
    private string? _failure;

    public int Answered => _ticks.Count;

    public int Failed { get; private set; }

    public double PerSecond { get; private set; }

    public string? Failure => Failed == 0 ? null : $"{Failed} failed, the first with {_failure}";

    public void Count(Answer answer)
    {
        if (answer.Status is >= 200 and < 300)
        {
            _ticks.Add(answer.Ticks);
        }
    }

    public void Fail(int status, string body)
    {
        Failed++;
        _failure ??= $"{status}: {body[..Math.Min(body.Length, 300)]}";
    }

    public void Close(TimeSpan window)
    {
        PerSecond = window > TimeSpan.Zero ? _ticks.Count / window.TotalSeconds : 0;
        _ticks.Sort();
    }

    /// <summary>Latency at a percentile from 0 to 100, in milliseconds.</summary>
    public double Milliseconds(double percentile) =>
        _ticks.Count == 0 ? 0 : _ticks[(int)((_ticks.Count - 1) * percentile / 100)] * 1_000.0 / Stopwatch.Frequency;

    public void ThrowIfFailed()
    {
        if (Failed > 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The load failed: {Failure}"));
        }
    }
}
