using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Runs;

/// <summary>Wires research runs, which the append keeps up to date.</summary>
internal static class RunServices
{
    public static void AddRuns(this IServiceCollection services)
    {
        services.AddTables(typeof(RunServices), new TableDeclaration("runs"));
        services.AddBatchState(scope => new RunBatchState(scope));
        services.AddSingleton<IAppendStep, RunAppendStep>();
    }
}
