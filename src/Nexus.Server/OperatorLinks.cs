using Nexus.Client;
using Nexus.Server.Identity.Members;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server;

/// <summary>
/// What the operator does at the machine, on the store itself: nothing listens, nobody signs in, and the log says that it
/// was the operator. On PostgreSQL this works beside running servers.
/// </summary>
internal static class OperatorLinks
{
    /// <summary>A link with which a person sets a new password; null for an address that has no account.</summary>
    /// <param name="serve">How the service itself is started; its data must be there already.</param>
    /// <param name="email">Whose password.</param>
    /// <param name="url">How the person reaches the service, where <c>Nexus:PublicUrl</c> does not say.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StartupException">The store cannot be opened, or on SQLite a server holds it.</exception>
    public static async Task<OneTimeLink?> CreateResetLinkAsync(
        ServeOptions serve, string email, string? url, CancellationToken cancellationToken)
    {
        await using var app = await Program.BuildAsync(serve with { MustExist = true });
        var services = app.Services;
        return await services.GetRequiredService<PasswordResetLinks>()
            .CreateAsync(
                email,
                services.GetRequiredService<PublicUrl>().Configured ?? url ?? Nexus.Server.Platform.Http.KestrelConfiguration.DefaultUrl,
                cancellationToken);
    }
}
