using System.CommandLine;
using System.Text.Json.Serialization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Members;

/// <summary><c>nexus member …</c>: the members of a tenant. For its admins and owners.</summary>
internal static class MemberCommand
{
    public static Command Create(CommandRunner runner) => new("member", "Manage the members of the tenant. Admin.")
    {
        CreateAdd(runner),
        CreateList(runner),
        CreateResetLink(runner),
    };

    private static Command CreateAdd(CommandRunner runner)
    {
        var email = new Argument<string>("email") { Description = "E-mail address of the new member." };
        var role = new Option<string>("--role")
        {
            Description = "viewer, member, admin or owner; not above your own role.",
            HelpName = "role",
            DefaultValueFactory = _ => "member",
        };
        role.AcceptOnlyFromAmong("viewer", "member", "admin", "owner");
        var command = new Command("add", "Add a member. An address without an account gets an invitation link, shown once.")
        {
            email, role,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (client, tenant) = await ConnectAsync(invocation, cancellationToken);
            var member = await client.AddMemberAsync(
                tenant, new MemberRequest { Email = invocation.Get(email), Role = invocation.Get(role)! }, cancellationToken);
            invocation.Output.Write(member, WireJson.Default.Member, screen =>
            {
                screen.Write(Output.CreateDetails(
                    ("user", member.UserId), ("e-mail", member.Email), ("role", member.Role), ("status", member.Status)));
                if (member.Invitation is { } invitation)
                {
                    screen.Write(LinkTable.CreateDetails(invitation));
                }
            });
        });
    }

    private static Command CreateList(CommandRunner runner)
    {
        var command = new Command("list", "List members and open invitations.");
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (client, tenant) = await ConnectAsync(invocation, cancellationToken);
            var members = await client.ListMembersAsync(tenant, cancellationToken).ToListAsync(cancellationToken);
            invocation.Output.Write(members, MemberListJson.Default.ListMember, screen =>
            {
                var table = Output.CreateTable("user", "e-mail", "role", "status");
                foreach (var member in members)
                {
                    table.AddRow(
                        Output.Cell(member.UserId),
                        Output.Cell(member.Email),
                        Output.Cell(member.Role),
                        Output.Cell(member.Status));
                }

                screen.Write(table);
            });
        });
    }

    private static Command CreateResetLink(CommandRunner runner)
    {
        var email = new Argument<string>("email") { Description = "E-mail address of a member of this tenant and no other." };
        var command = new Command("reset-link", "Create a one-time link for setting a new password. Valid for one hour.") { email };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (client, tenant) = await ConnectAsync(invocation, cancellationToken);
            var link = await client.CreateResetLinkAsync(tenant, new ResetLinkRequest { Email = invocation.Get(email) }, cancellationToken);
            invocation.Output.Write(link, WireJson.Default.OneTimeLink, screen => screen.Write(LinkTable.CreateDetails(link)));
        });
    }

    /// <summary>The paths of these routes contain the tenant. If only the token knows it, the server is asked.</summary>
    private static async Task<(NexusClient Client, string Tenant)> ConnectAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var connection = invocation.Connect();
        return (connection.Client, connection.Tenant ?? (await connection.Client.GetMeAsync(cancellationToken)).Tenant?.TenantId
            ?? throw CommandException.Usage("client.tenant_missing: No tenant given. Pass --tenant or set NEXUS_TENANT."));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<Member>))]
internal sealed partial class MemberListJson : JsonSerializerContext;
