using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;

namespace Nexus.Cli.Operator;

/// <summary><c>nexus user …</c>: what the operator does about people at the machine, on the store itself.</summary>
internal static class UserCommand
{
    public static Command Create(CommandRunner verb) => new("user", "Operate on the store itself, at the machine that holds it.") { CreateResetLink(verb) };

    private static Command CreateResetLink(CommandRunner verb)
    {
        var email = new Argument<string>("email") { Description = "Whose password is to be set anew." };
        var data = new Option<string>("--data") { Description = "The service's data folder.", HelpName = "dir", DefaultValueFactory = _ => "./nexus-data" };
        var command = new Command("reset-link", "Make a one-time link, good for an hour, with which a person sets a new password.") { email, data };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var link = await CreateLinkAsync(invocation, invocation.Get(email), invocation.Get(data)!, cancellationToken)
                ?? throw CommandException.NotFound("not_found: Nobody with a password has this address.");
            invocation.Output.Write(link, WireJson.Default.OneTimeLink, screen => screen.Write(LinkTable.CreateDetails(link)));
        });
    }

    private static async Task<OneTimeLink?> CreateLinkAsync(Invocation invocation, string email, string data, CancellationToken cancellationToken)
    {
        var serve = new ServeOptions { DataFolder = data, Settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Warning" } };
        try
        {
            return await Nexus.Server.OperatorLinks.CreateResetLinkAsync(serve, email, invocation.Server, cancellationToken);
        }
        catch (StartupException e) when (e.IsDataFolderInUse)
        {
            throw CommandException.Usage(
                $"operator.in_use: A server is running on '{data}', and SQLite takes one process. Let an admin of the person's tenant make the link with 'nexus member reset-link', or stop the server for this command.");
        }
        catch (StartupException e)
        {
            throw CommandException.Usage($"operator.refused: {e.Message}");
        }
    }
}
