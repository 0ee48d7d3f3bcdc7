using System.CommandLine;
using Nexus.Client;

namespace Nexus.Cli.CommandLine;

/// <summary>Runs commands. A failure becomes one line on stderr and a documented exit code, never a stack trace.</summary>
internal sealed class CommandRunner(GlobalOptions global, Terminal terminal)
{
    /// <summary>Sets an action that returns the exit code.</summary>
    public Command SetAction(Command command, Func<Invocation, CancellationToken, Task<int>> action)
    {
        command.SetAction((parseResult, cancellationToken) => RunAsync(parseResult, action, cancellationToken));
        return command;
    }

    /// <summary>Sets an action that succeeds or throws.</summary>
    public Command SetAction(Command command, Func<Invocation, CancellationToken, Task> action)
        => SetAction(command, async (invocation, cancellationToken) =>
        {
            await action(invocation, cancellationToken);
            return ExitCode.Ok;
        });

    private async Task<int> RunAsync(
        ParseResult parseResult, Func<Invocation, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // A redirect would send the credential to a server that the user did not name.
            ConnectTimeout = TimeSpan.FromSeconds(10),
        });
        var invocation = new Invocation(parseResult, global, terminal, http);
        try
        {
            return await action(invocation, cancellationToken);
        }
#pragma warning disable CA1031 // Top-level handler: every failure must end in a message, not in a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = CommandException.FromException(e);
            var message = failure?.Message
                ?? $"client.fault: Internal error: {e.GetType().Name}: {Terminal.ToSingleLine(e.Message)} Please report it.";
            var hint = e is NexusApiException { Status: 401 } && invocation.SignInHint is { } signIn ? $" {signIn}" : "";
            await terminal.Error.WriteLineAsync($"nexus: {message}{hint}");
            return failure?.Exit ?? ExitCode.Refused;
        }
    }
}
