using System.Globalization;

namespace Nexus.Bench;

/// <summary>The Markdown table a run prints. Rows appear as they are measured.</summary>
internal static class Report
{
    public static void Begin()
    {
        Console.WriteLine("| what | measured | to reach | floor | Nexus | rounds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
    }

    /// <summary>A rate against a floor's rate, which must be at least <paramref name="reach"/> of it.</summary>
    public static bool Rate(string what, double reach, Comparison comparison)
    {
        var met = comparison.Ratio >= reach;
        Line(what, Mark(met, Number(comparison.Ratio)), $"≥ {Number(reach)}", PerSecond(comparison.FloorMedian),
            $"{PerSecond(comparison.NexusMedian)}, p99 {Comparison.Median(comparison.Nexus.Select(r => r.Milliseconds(99))):0.0} ms",
            comparison.Rounds);
        if (comparison.Failure is { } failure)
        {
            Console.Error.WriteLine($"{what}: {failure}");
        }

        return met && comparison.Failure is null;
    }

    /// <summary>A figure that must stay below a limit.</summary>
    public static bool AtMost(
        string what, double value, double limit, string unit, string floor = "", string nexus = "", string rounds = "")
    {
        Line(what, Mark(value <= limit, $"{Number(value)} {unit}"), $"≤ {Number(limit)} {unit}", floor, nexus, rounds);
        return value <= limit;
    }

    /// <summary>A figure that must reach a limit.</summary>
    public static bool AtLeast(string what, double value, double limit, string note = "")
    {
        Line(what, Mark(value >= limit, value.ToString("0.0000", CultureInfo.InvariantCulture)), $"≥ {Number(limit)}", "", note, "");
        return value >= limit;
    }

    /// <summary>A figure for orientation, with nothing to reach.</summary>
    public static bool Floor(string what, double perSecond, string rounds)
    {
        Line(what, "", "", PerSecond(perSecond), "", rounds);
        return true;
    }

    public static string PerSecond(double value) => value.ToString("#,0", CultureInfo.InvariantCulture) + "/s";

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Mark(bool met, string value) => met ? value : $"**{value}**";

    private static void Line(params string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}
