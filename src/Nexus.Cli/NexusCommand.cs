using System.CommandLine;
using System.CommandLine.Invocation;
using Nexus.Cli.Assets;
using Nexus.Cli.Atoms;
using Nexus.Cli.Audit;
using Nexus.Cli.Cards;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Flags;
using Nexus.Cli.Lineage;
using Nexus.Cli.Maybes;
using Nexus.Cli.Members;
using Nexus.Cli.Packs;
using Nexus.Cli.Privacy;
using Nexus.Cli.Runs;
using Nexus.Cli.Search;
using Nexus.Cli.Serve;
using Nexus.Cli.SignIn;
using Nexus.Cli.Users;

namespace Nexus.Cli;

/// <summary>The root command.</summary>
internal static class NexusCommand
{
    private const string Summary = """
        Nexus: run the server, and work with it.

        Exit codes: 0 success, 1 refused by the server (or part of an import was), 2 wrong usage,
        3 not signed in or not allowed, 4 not found, 5 server unreachable or failed,
        6 verification failed.
        """;

    /// <summary>Runs a command line and returns one of <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        // No response files: an argument that begins with @ is text.
        var parseResult = CreateRoot(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var isCommand = parseResult.Action is ParseErrorAction || parseResult.Action == parseResult.CommandResult.Command.Action;
        if (isCommand && UsageError.Find(parseResult) is { } error)
        {
            await terminal.Error.WriteLineAsync(
                $"nexus: client.usage: {Terminal.ToSingleLine(error)} See '{UsageError.GetPath(parseResult)} --help'.");
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        if (parseResult.CommandResult.Command.Name == ServeCommand.Name)
        {
            configuration.ProcessTerminationTimeout = null; // The host handles signals itself and drains for longer.
        }

        return await parseResult.InvokeAsync(configuration, cancellationToken);
    }

    private static RootCommand CreateRoot(Terminal terminal)
    {
        var global = new GlobalOptions();
        var runner = new CommandRunner(global, terminal);
        var root = new RootCommand(Summary)
        {
            ServeCommand.Create(runner),
            LoginCommand.Create(runner),
            LogoutCommand.Create(runner),
            WhoamiCommand.Create(runner),
            AssetCommand.Create(runner),
            AtomCommand.Create(runner),
            CardCommand.Create(runner),
            SearchCommand.Create(runner),
            PackCommand.Create(runner),
            MaybeCommand.Create(runner),
            LineageCommand.Create(runner),
            RunsCommand.Create(runner),
            AuditCommand.Create(runner),
            FlagCommand.Create(runner),
            MemberCommand.Create(runner),
            PrivacyCommand.Create(runner),
            UserCommand.Create(runner),
        };
        global.AddTo(root);
        return root;
    }
}
