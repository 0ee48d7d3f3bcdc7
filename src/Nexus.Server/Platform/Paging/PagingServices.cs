using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Paging;

/// <summary>Wires cursors.</summary>
internal static class PagingServices
{
    private const string CursorKey = "cursors";

    public static void AddPaging(this IServiceCollection services)
    {
        services.AddSecretKey(CursorKey);
        services.AddSingleton(provider => new CursorCodec(provider.GetRequiredService<SecretStore>().GetKey(CursorKey)));
    }
}
