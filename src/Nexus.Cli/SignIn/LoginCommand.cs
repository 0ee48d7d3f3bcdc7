using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.SignIn;

/// <summary><c>nexus login</c>: signs in and stores the session.</summary>
internal static class LoginCommand
{
    public static Command Create(CommandRunner runner)
    {
        var email = new Option<string?>("--email") { Description = "E-mail address. Prompts if omitted.", HelpName = "email" };
        var fromStdin = new Option<bool>("--password-stdin") { Description = "Read the password from the first line of stdin." };
        var command = new Command("login", "Sign in and store the session for later commands.") { email, fromStdin };
        return runner.SetAction(command, (invocation, cancellationToken) => RunAsync(
            invocation, invocation.Get(email), invocation.Get(fromStdin), cancellationToken));
    }

    private static async Task RunAsync(Invocation invocation, string? email, bool fromStdin, CancellationToken cancellationToken)
    {
        var terminal = invocation.Terminal;
        var sessionFile = SessionFile.ForCurrentUser(terminal);
        var server = Connection.ParseServer(invocation.Server ?? sessionFile.Read()?.Server);
        email ??= Prompt(terminal, "E-mail: ", terminal.In.ReadLine, "--email");
        var password = fromStdin
            ? await terminal.In.ReadLineAsync(cancellationToken)
            : Prompt(terminal, "Password: ", terminal.ReadSecret, "--password-stdin");
        if (string.IsNullOrEmpty(password))
        {
            throw CommandException.Usage("client.password_missing: The password is empty.");
        }

        var client = new NexusClient(invocation.Http, new NexusClientOptions { Server = server });
        var answer = await client.LogInAsync(new LoginRequest { Email = email, Password = password }, cancellationToken);
        var session = new StoredSession
        {
            Server = server.AbsoluteUri,
            Email = answer.User.Email ?? email,
            Tenant = invocation.Tenant ?? answer.Tenant?.TenantId,
            Env = invocation.Env ?? "prod",
            AccessToken = "",
            ExpiresAt = default,
            RefreshToken = "",
        };
        using (await sessionFile.LockAsync(terminal.Time, cancellationToken))
        {
            sessionFile.Write(session.With(answer, terminal.Time));
        }

        await terminal.Error.WriteLineAsync(
            $"Signed in to {Connection.FormatUrl(server)} as {Terminal.Sanitize(session.Email)}, "
            + $"tenant {session.Tenant ?? "(none)"}, env {session.Env}.");
    }

    private static string Prompt(Terminal terminal, string prompt, Func<string?> read, string option)
    {
        if (!terminal.CanPrompt)
        {
            throw CommandException.Usage($"client.cannot_ask: Not a terminal; pass {option}.");
        }

        terminal.Error.Write(prompt);
        return read() is { Length: > 0 } answer ? answer : throw CommandException.Usage("client.no_answer: No input.");
    }
}
