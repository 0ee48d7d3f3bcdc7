using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;

namespace Nexus.Cli.Operator;

/// <summary><c>nexus user …</c>: what the operator does about people at the machine, on the store itself.</summary>
internal static class UserCommand
{
    public static Command Create(Verb verb) => new("user", "Operate on the store itself, at the machine that holds it.") { CreateResetLink(verb) };

    private static Command CreateResetLink(Verb verb)
    {
        var email = new Argument<string>("email") { Description = "Whose password is to be set anew." };
        var data = new Option<string>("--data") { Description = "The service's data folder.", HelpName = "dir", DefaultValueFactory = _ => "./nexus-data" };
        var command = new Command("reset-link", "Make a one-time link, good for an hour, with which a person sets a new password.") { email, data };
        return verb.Does(command, async (invocation, cancellation) =>
        {
            var link = await MakeAsync(invocation, invocation.Get(email), invocation.Get(data)!, cancellation)
                ?? throw Failure.NotFound("not_found: Nobody with a password has this address.");
            invocation.Output.Write(link, WireJson.Default.OneTimeLink, screen => screen.Write(LinkFacts.Of(link)));
        });
    }

    private static async Task<OneTimeLink?> MakeAsync(Invocation invocation, string email, string data, CancellationToken cancellation)
    {
        var serve = new ServeOptions { DataFolder = data, Settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Warning" } };
        try
        {
            return await Nexus.Server.OperatorLinks.ResetAsync(serve, email, invocation.Server, cancellation);
        }
        catch (StartRefusedException e) when (e.IsInUse)
        {
            throw Failure.Usage(
                $"operator.in_use: A server is running on '{data}', and SQLite takes one process. Let an admin of the person's tenant make the link with 'nexus member reset-link', or stop the server for this command.");
        }
        catch (StartRefusedException e)
        {
            throw Failure.Usage($"operator.refused: {e.Message}");
        }
    }
}
