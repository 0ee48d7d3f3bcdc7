using Nexus.Server.FeatureFlags.Ofrep;
using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.FeatureFlags;

/// <summary>Wires feature flags and their OFREP routes.</summary>
internal static class FlagServices
{
    public static void AddFeatureFlags(this IServiceCollection services)
    {
        services.AddSingleton<FlagCache>().AddSingleton<FlagWriter>().AddSingleton<OfrepTicketIssuer>();
        services.AddSingleton<IPersonalData, FlagPersonalData>();
    }
}
