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
