using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Admission.KillSwitches;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Admission.RateLimits;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Wires what stands between the wire and a route. Gates are asked in the order of their registration, and any order works.
/// </summary>
internal static class AdmissionServices
{
    public static void AddAdmission(this IServiceCollection services, RateLimitOptions rateLimits, QuotaOptions quotas)
    {
        services.AddTables(
            typeof(RateLeases),
            new TableDeclaration("allowances") { Expiry = new RowExpiry("ends_at", TimeSpan.FromDays(1)) });
        services.AddTables(typeof(UsageBatchState), new TableDeclaration("usage"));
        services.AddTables(typeof(KillSwitchStore), new TableDeclaration("kill_switches") { IsTenantZeroReadable = true });
        services.AddSingleton(rateLimits).AddSingleton(quotas);
        services.AddSingleton<RateLeases>().AddHostedService(provider => provider.GetRequiredService<RateLeases>());
        services.AddSingleton<IPersonalData, RateLeasePersonalData>();
        services.AddSingleton<KillSwitchStore>();
        services.AddSingleton<IGate, KillSwitchGate>().AddSingleton<IGate, RateLimitGate>().AddSingleton<IGate, QuotaGate>();
        services.AddBatchState(scope => new UsageBatchState(scope, quotas));
        services.AddSingleton<IAppendStep, UsageAppendStep>();
        services.AddSingleton<NonMemberMetrics>().AddSingleton<AccessRecheck>();
        services.AddSingleton<RefusalEventAggregator>().AddHostedService(provider => provider.GetRequiredService<RefusalEventAggregator>());
    }

    /// <summary>Maps the routes of gates and switches.</summary>
    public static void MapAdmission(this IEndpointRouteBuilder app)
    {
        app.MapKillSwitches();
        app.MapGateChecks();
    }
}
