using Nexus.Server.Platform.PersonalData;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>Wires raw assets and their uploads.</summary>
internal static class RawAssetServices
{
    public static void AddRawAssets(this IServiceCollection services)
    {
        services.AddSingleton<RawAssetStore>();
        services.AddSingleton<RawAssetReaper>().AddHostedService(provider => provider.GetRequiredService<RawAssetReaper>());
        services.AddSingleton(RawAssetLineage.Kind);
        services.AddSingleton<IPersonalData, RawAssetPersonalData>();
    }
}
