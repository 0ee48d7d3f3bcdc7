using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary><c>nexus logout</c>: ends the session at the server and forgets it here.</summary>
internal static class LogoutCommand
{
    public static Command Create(CommandRunner verb)
        => verb.SetAction(new Command("logout", "End the session and forget it."), RunAsync);

    private static async Task RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var file = invocation.SessionFile;
        if (file.Read() is not { } session)
        {
            await invocation.Terminal.Error.WriteLineAsync("Nobody was signed in.");
            return;
        }

        try
        {
            await Connection.FromStoredSession(invocation, session).Client.LogOutAsync(cancellationToken);
        }
        catch (Exception e) when (e is CommandException or NexusApiException { Status: 401 or 403 })
        {
            // The session had ended already.
        }
        finally
        {
            // Also where the server cannot be reached: who signs out wants no token to stay on this machine.
            file.Delete();
        }

        await invocation.Terminal.Error.WriteLineAsync("Signed out.");
    }
}
