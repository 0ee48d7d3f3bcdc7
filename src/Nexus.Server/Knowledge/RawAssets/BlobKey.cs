using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Knowledge.RawAssets;

/// <summary>
/// Builds all blob keys. The caller must have validated tenant, env and ids, and file names by <see cref="FilenameRules"/>.
/// </summary>
internal static class BlobKey
{
    private const string StagingRoot = "staging";

    /// <summary>The final key of a raw asset.</summary>
    public static string Raw(Scope scope, string assetId, string filename) =>
        $"tenants/{scope.TenantId}/{scope.Env}/raw/{assetId}/{filename}";

    /// <summary>The key an upload is written to before it is registered.</summary>
    public static string Staging(Scope scope, string assetId) => $"{StagingRoot}/{scope.TenantId}/{scope.Env}/{assetId}";

    /// <summary>Parses a staging key.</summary>
    public static bool TryParseStaging(string key, out Scope scope, out string assetId)
    {
        if (key.Split('/') is [StagingRoot, var tenant, var env, var asset]
            && TenantId.IsValid(tenant)
            && Envs.All.Contains(env)
            && Guid.TryParseExact(asset, "D", out _))
        {
            (scope, assetId) = (new Scope(tenant, env), asset);
            return true;
        }

        (scope, assetId) = (default, "");
        return false;
    }
}
