namespace Nexus.Tests.Crash;

/// <summary>What was acknowledged survives a kill without warning, on each engine.</summary>
public sealed class CrashTests
{
    private const int Kills = 10;

    [Theory, Engines]
    public async Task Ten_kills_under_sixteen_writers_lose_nothing_acknowledged(string engine)
    {
        var connectionString = engine == "postgres"
            ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken)
            : null;
        var (acknowledged, checkpoints, wrong) = await CrashRun.RunAsync(engine, connectionString, Kills, progress: null, TestContext.Current.CancellationToken);
        wrong.ShouldBeEmpty();
        acknowledged.ShouldBeGreaterThan(Kills);
        TestContext.Current.SendDiagnosticMessage($"{engine}: {Kills} kills, {acknowledged} acknowledged writes, {checkpoints} checkpoints");
    }
}
