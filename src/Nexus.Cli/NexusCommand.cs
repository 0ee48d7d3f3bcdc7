using System.CommandLine;
using System.CommandLine.Invocation;
using Nexus.Cli.Assets;
using Nexus.Cli.Atoms;
using Nexus.Cli.Audit;
using Nexus.Cli.Cards;
using Nexus.Cli.Flags;
using Nexus.Cli.Lineage;
using Nexus.Cli.Maybes;
using Nexus.Cli.Members;
using Nexus.Cli.Operator;
using Nexus.Cli.Packs;
using Nexus.Cli.Privacy;
using Nexus.Cli.Running;
using Nexus.Cli.Runs;
using Nexus.Cli.Search;
using Nexus.Cli.Serve;
using Nexus.Cli.SignIn;

namespace Nexus.Cli;

/// <summary>The whole command line: its verbs, and how one run of it goes.</summary>
internal static class NexusCommand
{
    private const string Summary = """
        Nexus: runs the service and talks to it.

        Exit codes: 0 done, 1 refused by the server (or part of an import was), 2 wrong usage,
        3 not signed in or not allowed, 4 not found, 5 the server cannot be reached or failed,
        6 what was to be verified does not hold.
        """;

    /// <summary>Runs one command line; answers one of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        // An argument that begins with @ is text here, never the name of a file with arguments.
        var asked = CreateRoot(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (asked.Action is ParseErrorAction)
        {
            return await ReportUsageErrorAsync(asked, terminal);
        }

        var running = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        if (asked.CommandResult.Command.Name == ServeCommand.Name)
        {
            running.ProcessTerminationTimeout = null; // The host listens for signals itself and drains for longer.
        }

        return await asked.InvokeAsync(running, cancellationToken);
    }

    private static RootCommand CreateRoot(Terminal terminal)
    {
        var global = new GlobalOptions();
        var verb = new CommandRunner(global, terminal);
        var root = new RootCommand(Summary)
        {
            ServeCommand.Create(verb),
            LoginCommand.Create(verb),
            LogoutCommand.Create(verb),
            WhoamiCommand.Create(verb),
            AssetCommand.Create(verb),
            AtomCommand.Create(verb),
            CardCommand.Create(verb),
            SearchCommand.Create(verb),
            PackCommand.Create(verb),
            MaybeCommand.Create(verb),
            LineageCommand.Create(verb),
            RunsCommand.Create(verb),
            AuditCommand.Create(verb),
            FlagCommand.Create(verb),
            MemberCommand.Create(verb),
            PrivacyCommand.Create(verb),
            UserCommand.Create(verb),
        };
        global.AddTo(root);
        return root;
    }

    private static async Task<int> ReportUsageErrorAsync(ParseResult asked, Terminal terminal)
    {
        var names = new List<string>();
        for (var at = asked.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, at.Command is RootCommand ? "nexus" : at.Command.Name);
        }

        // An unknown word makes every word after it unknown and a command missing; the first says it all.
        var why = asked.UnmatchedTokens is [var unknown, ..]
            ? $"'{Terminal.Sanitize(unknown).ReplaceLineEndings(" ")}' is not known here."
            : string.Join(' ', asked.Errors.Select(error => Terminal.Sanitize(SimplifyMessage(error.Message)).ReplaceLineEndings(" ").Replace("\t", "", StringComparison.Ordinal)));
        await terminal.Error.WriteLineAsync($"nexus: client.usage: {why} See '{string.Join(' ', names)} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>The parser names the type that it wanted as .NET does.</summary>
    private static string SimplifyMessage(string message)
    {
        foreach (var (type, name) in new[] { (typeof(long), "a whole number"), (typeof(int), "a whole number"), (typeof(bool), "true or false") })
        {
            message = message.Replace($"as expected type '{type}'", "as " + name, StringComparison.Ordinal)
                .Replace($"as expected type '{typeof(Nullable<>).MakeGenericType(type)}'", "as " + name, StringComparison.Ordinal);
        }

        return message;
    }
}
