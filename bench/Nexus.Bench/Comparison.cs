using System.Globalization;
using Nexus.Bench.Load;

namespace Nexus.Bench;

/// <summary>Two servers measured in turn, A B A B, so that a slow minute of the machine hits both.</summary>
internal sealed record Comparison(IReadOnlyList<LoadResult> Floor, IReadOnlyList<LoadResult> Nexus)
{
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    public double FloorMedian => Median(Floor.Select(r => r.PerSecond));

    public double NexusMedian => Median(Nexus.Select(r => r.PerSecond));

    public double Ratio => NexusMedian / FloorMedian;

    /// <summary>The ratio of each round, in order.</summary>
    public string Rounds =>
        string.Join(' ', Floor.Zip(Nexus, (f, n) => (n.PerSecond / f.PerSecond).ToString("0.00", CultureInfo.InvariantCulture)));

    public string? Failure => Floor.Concat(Nexus).Select(r => r.Failure).FirstOrDefault(f => f is not null);

    public static Comparison Run(Arguments arguments, Func<TimeSpan, LoadResult> floor, Func<TimeSpan, LoadResult> nexus)
    {
        floor(WarmUp).ThrowIfFailed();
        nexus(WarmUp).ThrowIfFailed();
        var floors = new List<LoadResult>();
        var others = new List<LoadResult>();
        for (var round = 0; round < arguments.Rounds; round++)
        {
            floors.Add(floor(arguments.Window));
            others.Add(nexus(arguments.Window));
        }

        return new Comparison(floors, others);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
