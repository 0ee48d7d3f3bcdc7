using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Members;
using Nexus.Client;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;

namespace Nexus.Cli.Users;

/// <summary><c>nexus user …</c>: commands for the operator, which work on the database directly.</summary>
internal static class UserCommand
{
    public static Command Create(CommandRunner runner) =>
        new("user", "Manage users directly in the database. For the operator.") { CreateResetLink(runner) };

    private static Command CreateResetLink(CommandRunner runner)
    {
        var email = new Argument<string>("email") { Description = "E-mail address of the user." };
        var data = new Option<string>("--data")
        {
            Description = "The server's data folder.",
            HelpName = "dir",
            DefaultValueFactory = _ => "./nexus-data",
        };
        var command = new Command("reset-link", "Create a one-time link for setting a new password. Valid for one hour.") { email, data };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var link = await CreateLinkAsync(invocation, invocation.Get(email), invocation.Get(data)!, cancellationToken)
                ?? throw CommandException.NotFound("not_found: No user with a password has this e-mail address.");
            invocation.Output.Write(link, WireJson.Default.OneTimeLink, screen => screen.Write(LinkTable.CreateDetails(link)));
        });
    }

    private static async Task<OneTimeLink?> CreateLinkAsync(
        Invocation invocation, string email, string data, CancellationToken cancellationToken)
    {
        var serve = new ServeOptions
        {
            DataFolder = data,
            Settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Warning" },
        };
        try
        {
            return await Nexus.Server.OperatorLinks.CreateResetLinkAsync(serve, email, invocation.Server, cancellationToken);
        }
        catch (StartupException e) when (e.IsDataFolderInUse)
        {
            throw CommandException.Usage(
                $"operator.in_use: A server is running on '{data}', and SQLite allows only one process. "
                + "Ask an admin of the user's tenant to run 'nexus member reset-link', or stop the server first.");
        }
        catch (StartupException e)
        {
            throw CommandException.Usage($"operator.refused: {e.Message}");
        }
    }
}
