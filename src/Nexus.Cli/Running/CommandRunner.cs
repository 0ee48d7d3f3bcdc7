using System.CommandLine;
using Nexus.Client;

namespace Nexus.Cli.Running;

/// <summary>Makes commands whose failures end as one line on stderr and a documented exit code, never as a stack trace.</summary>
internal sealed class CommandRunner(GlobalOptions global, Terminal terminal)
{
    /// <summary>Sets what a command does; its answer is the exit code.</summary>
    public Command SetAction(Command command, Func<Invocation, CancellationToken, Task<int>> work)
    {
        command.SetAction((asked, cancellationToken) => RunAsync(asked, work, cancellationToken));
        return command;
    }

    /// <summary>Sets what a command does that succeeds or throws.</summary>
    public Command SetAction(Command command, Func<Invocation, CancellationToken, Task> work)
        => SetAction(command, async (invocation, cancellationToken) =>
        {
            await work(invocation, cancellationToken);
            return ExitCode.Ok;
        });

    private async Task<int> RunAsync(
        ParseResult asked, Func<Invocation, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // A redirect would carry the credential to where the user did not send it.
            ConnectTimeout = TimeSpan.FromSeconds(10),
        });
        var invocation = new Invocation(asked, global, terminal, http);
        try
        {
            return await work(invocation, cancellationToken);
        }
#pragma warning disable CA1031 // The last line of defence: a person gets a sentence, whatever went wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = CommandException.FromException(e);
            var hint = e is NexusApiException { Status: 401 } && invocation.Connection is { UsesStoredSession: true } connection
                ? $" Run 'nexus login --server {SignIn.Connection.FormatUrl(connection.Server)}' again."
                : "";
            await terminal.Error.WriteLineAsync(
                $"nexus: {failure?.Message ?? $"client.fault: This is a fault of the nexus command itself: {e.GetType().Name}: {Terminal.Sanitize(e.Message).ReplaceLineEndings(" ")}"}{hint}");
            return failure?.Exit ?? ExitCode.Refused;
        }
    }
}
