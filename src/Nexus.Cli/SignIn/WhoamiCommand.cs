using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary><c>nexus whoami</c>: whom the service takes the caller for.</summary>
internal static class WhoamiCommand
{
    public static Command Create(CommandRunner verb)
        => verb.SetAction(new Command("whoami", "Say who you are to the service, and where commands work."), RunAsync);

    private static async Task RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var connection = invocation.Connect();
        var me = await connection.Client.GetMeAsync(cancellationToken);
        invocation.Output.Write(me, WireJson.Default.Me, screen =>
        {
            var tenant = connection.Tenant ?? me.Tenant?.TenantId;
            screen.Write(Output.CreateDetails(
                ("user", me.User.Email is { } email ? $"{email} ({me.User.UserId})" : me.User.UserId),
                ("acts as", me.ActorType),
                ("server", Connection.FormatUrl(connection.Server)),
                ("tenant", tenant ?? "(none)"),
                ("env", connection.Env),
                ("role", me.Memberships.FirstOrDefault(m => m.TenantId == tenant)?.Role ?? "(no member)"),
                ("tenants", string.Join(", ", me.Memberships.Select(m => $"{m.TenantId} ({m.Role})")))));
        });
    }
}
