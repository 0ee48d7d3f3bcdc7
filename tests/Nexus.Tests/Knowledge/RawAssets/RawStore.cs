using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Platform.Storage;
using Nexus.Tests.Platform.Storage.Blobs;


namespace Nexus.Tests.Knowledge.RawAssets;

/// <summary>Simulates the passing of time for uploads, and reads their quota usage.</summary>
internal static class RawStore
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Returns the bytes counted against the tenant's quota.</summary>
    public static ValueTask<long> Usage(this BlobHost host, Caller caller) => host.Database().ReadAsync(
        Scope(caller),
        session =>
            session.FirstOrDefaultAsync<long>(
                "select cast(coalesce(sum(storage_bytes), 0) as bigint) from usage where tenant_id = @Tenant",
                new { caller.Tenant }),
        Cancelled);

    /// <summary>Expires all of the tenant's forms and runs the reaper.</summary>
    public static async Task ReapAsync(this BlobHost host, Caller caller)
    {
        await host.Set(caller, "expires_at = 1");
        await host.Server.Services.GetRequiredService<RawAssetReaper>().ReapAsync(DateTimeOffset.UnixEpoch.AddHours(1), Cancelled);
    }

    /// <summary>Updates the rows of the tenant's uploads.</summary>
    public static async Task Set(this BlobHost host, Caller caller, string change) => await host.Database().WriteAsync(
        Scope(caller),
        session => session.ExecuteAsync($"update raw_uploads set {change} where tenant_id = @Tenant", new { caller.Tenant }),
        Cancelled);

    private static Database Database(this BlobHost host) => host.Server.Services.GetRequiredService<Database>();

    private static Scope Scope(Caller caller) => new(caller.Tenant, caller.Env);
}
