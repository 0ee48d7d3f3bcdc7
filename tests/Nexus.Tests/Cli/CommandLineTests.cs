namespace Nexus.Tests.Cli;

/// <summary>What the command line answers without any server.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData]
    [InlineData("card")]
    [InlineData("search")]
    [InlineData("serve", "--nope")]
    [InlineData("search", "x", "--filter", "no-value")]
    [InlineData("search", "x", "--mode", "psychic")]
    [InlineData("search", "x", "-o", "yaml")]
    [InlineData("card", "list", "--limit", "0")]
    [InlineData("card", "import", "/no/such/folder")]
    [InlineData("whoami")]
    [InlineData("whoami", "--server", "ftp://example.com")]
    [InlineData("login", "--server", "http://127.0.0.1:9", "--email", "a@example.com")]
    [InlineData("card", "add", "/no/such/file", "--server", "http://127.0.0.1:9", "--token", "x")]
    public async Task Usage_error_exits_2_with_one_line(params string[] args)
    {
        using var command = new CommandRun();
        var (exit, output, error) = await command.RunAsync(args);
        exit.ShouldBe(2);
        output.ShouldBeEmpty();
        error.ShouldStartWith("nexus: client.");
        error.TrimEnd('\n').ShouldNotContain('\n');
    }

    [Theory]
    [InlineData("Unknown command 'crad'. Did you mean 'card'? See 'nexus --help'.", "crad", "list")]
    [InlineData("Unknown command 'lsit'. Did you mean 'list'? See 'nexus card --help'.", "card", "lsit")]
    [InlineData("Unknown command 'zzz'. Commands: add, get, list, import. See 'nexus card --help'.", "card", "zzz")]
    [InlineData("Missing command. Commands: add, get, list, import. See 'nexus card --help'.", "card")]
    [InlineData("Unknown option '--deom'. Did you mean '--demo'? See 'nexus serve --help'.", "serve", "--deom")]
    [InlineData("Unknown option '--tpye'. Did you mean '--type'? See 'nexus search --help'.", "search", "x", "--tpye=note")]
    [InlineData("Unknown option '--tenat'. Did you mean '--tenant'? See 'nexus search --help'.", "search", "x", "--tenat", "t_a")]
    [InlineData("Unexpected argument 'b'. See 'nexus card get --help'.", "card", "get", "a", "b")]
    [InlineData("Missing argument <id>. See 'nexus card get --help'.", "card", "get")]
    [InlineData("Missing required option --out. See 'nexus privacy subject-export --help'.", "privacy", "subject-export")]
    [InlineData("Missing value for --type. See 'nexus card list --help'.", "card", "list", "--type")]
    [InlineData("--type takes only one value. See 'nexus card list --help'.", "card", "list", "--type", "a", "--type", "b")]
    [InlineData("Invalid value 'x' for --limit. Expected a whole number. See 'nexus card list --help'.", "card", "list", "--limit", "x")]
    [InlineData("--limit must be at least 1. See 'nexus card list --help'.", "card", "list", "--limit", "0")]
    [InlineData(
        "Invalid value 'psychic' for --mode. Allowed: hybrid, lexical, semantic. See 'nexus search --help'.", "search", "x", "--mode",
        "psychic")]
    [InlineData(
        "Invalid value 'maybe' for --pinned. Expected true or false. See 'nexus maybe edit --help'.", "maybe", "edit", "x",
        "--pinned=maybe")]
    [InlineData(
        "Invalid time 'yesterday' for --from. Example: 2026-01-31T00:00:00Z See 'nexus audit export --help'.", "audit", "export", "--from",
        "yesterday")]
    [InlineData("Directory '/no/such/folder' does not exist. See 'nexus card import --help'.", "card", "import", "/no/such/folder")]
    [InlineData("Invalid URL 'foo' for --urls. Example: http://127.0.0.1:5400 See 'nexus serve --help'.", "serve", "--urls", "foo")]
    [InlineData(
        "Invalid URL 'ftp://x' for --urls. Example: http://127.0.0.1:5400 See 'nexus serve --help'.", "serve", "--urls",
        "http://*:80;ftp://x")]
    public async Task Usage_error_names_cause_and_nearest_word(string message, params string[] args)
    {
        using var command = new CommandRun();
        var (exit, _, error) = await command.RunAsync(args);
        exit.ShouldBe(2);
        error.ShouldBe($"nexus: client.usage: {message}\n");
    }

    [Fact]
    public async Task Words_after_double_dash_are_not_options()
    {
        using var command = new CommandRun();
        var (exit, _, error) = await command.RunAsync("search", "--server", "http://127.0.0.1:9", "--token", "x", "--", "--tpye");
        exit.ShouldBe(5, error);
    }

    [Fact]
    public async Task Directory_instead_of_file_exits_2_with_hint()
    {
        using var command = new CommandRun();
        command.Variables["NEXUS_SERVER"] = "http://127.0.0.1:9";
        command.Variables["NEXUS_TOKEN"] = "x";
        (await command.RunAsync("card", "add", command.Folder)).ShouldBe(
            (2, "", $"nexus: client.file: '{command.Folder}' is a directory. Use `nexus card import` for folders.\n"));
        foreach (var args in (string[][])[
            ["asset", "put", command.Folder], ["flag", "import", command.Folder], ["audit", "verify", command.Folder],
            ["audit", "verify", "--keys", command.Folder]])
        {
            (await command.RunAsync(args)).ShouldBe((2, "", $"nexus: client.file: '{command.Folder}' is a directory. Expected a file.\n"));
        }
    }

    [Fact]
    public async Task Prompt_without_terminal_names_option_to_pass()
    {
        using var command = new CommandRun();
        (await command.RunAsync("login", "--server", "http://127.0.0.1:9", "--email", "a@example.com")).Error
            .ShouldBe("nexus: client.cannot_ask: Not a terminal; pass --password-stdin.\n");
    }

    [Fact]
    public async Task Command_without_session_or_token_exits_3_with_sign_in_hint()
    {
        using var command = new CommandRun();
        var (exit, _, error) = await command.RunAsync("card", "list", "--server", "http://127.0.0.1:9");
        exit.ShouldBe(3);
        error.ShouldContain("nexus login --server http://127.0.0.1:9");
    }

    [Fact]
    public async Task Unreachable_server_exits_5()
    {
        using var command = new CommandRun();
        command.Variables["NEXUS_SERVER"] = "http://127.0.0.1:9";
        command.Variables["NEXUS_TOKEN"] = "x";
        var (exit, output, error) = await command.RunAsync("whoami");
        exit.ShouldBe(5);
        output.ShouldBeEmpty();
        error.ShouldStartWith("nexus: client.unreachable: ");
    }

    [Fact]
    public async Task Logout_without_session_exits_0()
    {
        using var command = new CommandRun();
        (await command.RunAsync("logout")).Exit.ShouldBe(0);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("card", "import", "--help")]
    [InlineData("--version")]
    public async Task Help_and_version_exit_0(params string[] args)
    {
        using var command = new CommandRun();
        var (exit, output, _) = await command.RunAsync(args);
        exit.ShouldBe(0);
        output.ShouldNotBeEmpty();
    }
}
