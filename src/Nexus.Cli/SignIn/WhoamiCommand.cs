using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary><c>nexus whoami</c>: the current user and context.</summary>
internal static class WhoamiCommand
{
    public static Command Create(CommandRunner runner)
        => runner.SetAction(new Command("whoami", "Show the current user, server, tenant and env."), RunAsync);

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
                ("role", me.Memberships.FirstOrDefault(m => m.TenantId == tenant)?.Role ?? "(not a member)"),
                ("tenants", string.Join(", ", me.Memberships.Select(m => $"{m.TenantId} ({m.Role})")))));
        });
    }
}
