using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>Wires raw assets and their uploads.</summary>
internal static class RawAssetServices
{
    public static void AddRawAssets(this IServiceCollection services)
    {
        services.AddTables(
            typeof(RawAssetServices),
            new TableDeclaration("raw_assets"),
            new TableDeclaration("raw_uploads") { Expiry = new RowExpiry("expires_at", TimeSpan.Zero) });
        services.AddSingleton<RawAssetStore>();
        services.AddSingleton<RawAssetReaper>().AddHostedService(provider => provider.GetRequiredService<RawAssetReaper>());
        services.AddSingleton(RawAssetLineage.Kind);
        services.AddSingleton<IPersonalData, RawAssetPersonalData>();
    }
}
