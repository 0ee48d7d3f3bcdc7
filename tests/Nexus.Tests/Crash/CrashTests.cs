using Nexus.Testing.Crash;

namespace Nexus.Tests.Crash;

/// <summary>Acknowledged writes survive a SIGKILL, on each engine.</summary>
public sealed class CrashTests
{
    private const int Kills = 10;

    [Theory, Engines]
    public async Task Acknowledged_writes_survive_ten_kills_under_load(string engine)
    {
        var connectionString = engine == "postgres"
            ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(TestContext.Current.CancellationToken)
            : null;
        var (acknowledged, checkpoints, wrong) = await CrashRun.RunAsync(
            engine,
            connectionString,
            Kills,
            progress: null,
            TestContext.Current.CancellationToken);
        wrong.ShouldBeEmpty();
        acknowledged.ShouldBeGreaterThan(Kills);
        TestContext.Current.SendDiagnosticMessage(
            $"{engine}: {Kills} kills, {acknowledged} acknowledged writes, {checkpoints} checkpoints");
    }
}
