using System.CommandLine;
using System.Text.Json.Serialization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Members;

/// <summary><c>nexus member …</c>: who belongs to the tenant. For its admins and owners.</summary>
internal static class MemberCommand
{
    public static Command Create(CommandRunner verb) => new("member", "Say who belongs to the tenant.")
    {
        CreateAdd(verb),
        CreateList(verb),
        CreateResetLink(verb),
    };

    private static Command CreateAdd(CommandRunner verb)
    {
        var email = new Argument<string>("email") { Description = "Who is to become a member." };
        var role = new Option<string>("--role") { Description = "viewer, member, admin or owner; at most your own.", HelpName = "role", DefaultValueFactory = _ => "member" };
        role.AcceptOnlyFromAmong("viewer", "member", "admin", "owner");
        var command = new Command("add", "Take somebody in; an address without an account gets an invitation, shown once.") { email, role };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (client, tenant) = await ConnectAsync(invocation, cancellationToken);
            var member = await client.AddMemberAsync(tenant, new MemberRequest { Email = invocation.Get(email), Role = invocation.Get(role)! }, cancellationToken);
            invocation.Output.Write(member, WireJson.Default.Member, screen =>
            {
                screen.Write(Output.CreateDetails(("user", member.UserId), ("e-mail", member.Email), ("role", member.Role), ("status", member.Status)));
                if (member.Invitation is { } invitation)
                {
                    screen.Write(LinkTable.CreateDetails(invitation));
                }
            });
        });
    }

    private static Command CreateList(CommandRunner verb) => verb.SetAction(new Command("list", "List members and open invitations."), async (invocation, cancellationToken) =>
    {
        var (client, tenant) = await ConnectAsync(invocation, cancellationToken);
        var members = await client.ListMembersAsync(tenant, cancellationToken).ToListAsync(cancellationToken);
        invocation.Output.Write(members, MemberListJson.Default.ListMember, screen =>
        {
            var table = Output.CreateTable("user", "e-mail", "role", "status");
            foreach (var member in members)
            {
                table.AddRow(Output.Cell(member.UserId), Output.Cell(member.Email), Output.Cell(member.Role), Output.Cell(member.Status));
            }

            screen.Write(table);
        });
    });

    private static Command CreateResetLink(CommandRunner verb)
    {
        var email = new Argument<string>("email") { Description = "A member of this tenant and of no other." };
        var command = new Command("reset-link", "Make a one-time link, good for an hour, with which a member sets a new password.") { email };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (client, tenant) = await ConnectAsync(invocation, cancellationToken);
            var link = await client.CreateResetLinkAsync(tenant, new ResetLinkRequest { Email = invocation.Get(email) }, cancellationToken);
            invocation.Output.Write(link, WireJson.Default.OneTimeLink, screen => screen.Write(LinkTable.CreateDetails(link)));
        });
    }

    /// <summary>These routes name the tenant in their path, so one that only the token knows is asked for.</summary>
    private static async Task<(NexusClient Client, string Tenant)> ConnectAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var connection = invocation.Connect();
        return (connection.Client, connection.Tenant ?? (await connection.Client.GetMeAsync(cancellationToken)).Tenant?.TenantId
            ?? throw CommandException.Usage("client.tenant_missing: Say which tenant: --tenant or NEXUS_TENANT."));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<Member>))]
internal sealed partial class MemberListJson : JsonSerializerContext;
