using Nexus.Server.FeatureFlags.Ofrep;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>Wires feature flags and their OFREP routes.</summary>
internal static class FlagServices
{
    public static void AddFeatureFlags(this IServiceCollection services)
    {
        // Configuration of tenant-0 counts for every tenant.
        services.AddTables(
            typeof(FlagServices),
            new TableDeclaration("flags") { IsTenantZeroReadable = true },
            new TableDeclaration("flag_versions") { IsTenantZeroReadable = true });
        services.AddSingleton<FlagCache>().AddSingleton<FlagWriter>().AddSingleton<OfrepTicketIssuer>();
        services.AddSingleton<IPersonalData, FlagPersonalData>();
    }
}
