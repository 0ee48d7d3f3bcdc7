using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary><c>nexus logout</c>: ends the session and deletes it from this machine.</summary>
internal static class LogoutCommand
{
    public static Command Create(CommandRunner runner)
        => runner.SetAction(new Command("logout", "Sign out and delete the stored session."), RunAsync);

    private static async Task RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var file = SessionFile.ForCurrentUser(invocation.Terminal);
        if (file.Read() is not { } session)
        {
            await invocation.Terminal.Error.WriteLineAsync("Not signed in.");
            return;
        }

        try
        {
            await Connection.FromStoredSession(invocation, file, session).Client.LogOutAsync(cancellationToken);
        }
        catch (Exception e) when (e is CommandException or NexusApiException { Status: 401 or 403 })
        {
            // The session has already ended.
        }
        finally
        {
            // Even if the server cannot be reached: signing out must leave no token on this machine.
            file.Delete();
        }

        await invocation.Terminal.Error.WriteLineAsync("Signed out.");
    }
}
