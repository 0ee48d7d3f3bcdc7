using System.Globalization;
using Nexus.Testing;
using Nexus.Testing.Crash;

namespace Nexus.Bench;

/// <summary>The crash test for as long as one likes: kill, restart, and compare with what was acknowledged.</summary>
internal static class CrashSoak
{
    /// <summary>Answers 0 when nothing acknowledged was lost, doubled, or left a gap.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var engine = "sqlite";
        var kills = 100;
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--engine" when value is "sqlite" or "postgres":
                    engine = value;
                    break;
                case "--kills" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0:
                    kills = number;
                    break;
                default:
                    await Console.Error.WriteLineAsync(Arguments.Usage);
                    return 2;
            }
        }

        try
        {
            var database = engine == "postgres"
                ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(CancellationToken.None)
                : null;
            var (acknowledged, checkpoints, wrong) = await CrashRun.RunAsync(
                engine,
                database,
                kills,
                (at, writes) => Console.WriteLine($"{at} kills, {writes} acknowledged writes"),
                CancellationToken.None);
            foreach (var what in wrong)
            {
                Console.WriteLine($"WRONG {what}");
            }

            Console.WriteLine(
                $"{engine}: {kills} kills, {acknowledged} acknowledged writes, {checkpoints} checkpoints, {wrong.Count} wrong");
            return wrong.Count == 0 ? 0 : 1;
        }
        finally
        {
            await PostgresCluster.StopSharedAsync();
        }
    }
}
