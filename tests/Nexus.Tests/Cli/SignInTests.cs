using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Nexus.Tests.Cli;

/// <summary>How a session is kept, refreshed and guarded on this machine.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task Session_file_is_readable_by_owner_only()
    {
        await using var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 900));
        using var command = new CommandRun();
        (await LogInAsync(command, server.Address)).ShouldBe(0);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(command.SessionFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Valid_token_is_not_refreshed()
    {
        await using var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 900));
        using var command = new CommandRun();
        await LogInAsync(command, server.Address);
        (await WhoAmIAsync(command)).ShouldBe("Bearer access-1");
        (await WhoAmIAsync(command)).ShouldBe("Bearer access-1");
    }

    [Fact]
    public async Task Expired_token_is_refreshed_and_new_refresh_token_saved()
    {
        await using var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 0));
        using var command = new CommandRun();
        await LogInAsync(command, server.Address);
        (await WhoAmIAsync(command)).ShouldBe("Bearer access-2");
        (await WhoAmIAsync(command)).ShouldBe("Bearer access-3");
        using var session = JsonDocument.Parse(await File.ReadAllTextAsync(command.SessionFile, TestContext.Current.CancellationToken));
        session.RootElement.GetProperty("refresh_token").GetString().ShouldBe("refresh-3");
    }

    [Fact]
    public async Task Concurrent_commands_never_reuse_refresh_token()
    {
        await using var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 0));
        using var command = new CommandRun();
        await LogInAsync(command, server.Address);
        var exits = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => command.RunAsync("whoami")));
        exits.ShouldAllBe(run => run.Exit == 0);
    }

    [Fact]
    public async Task Ended_session_exits_3_with_message()
    {
        await using var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 0));
        using var command = new CommandRun();
        await LogInAsync(command, server.Address);
        var session = await File.ReadAllTextAsync(command.SessionFile, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            command.SessionFile, session.Replace("refresh-1", "spent", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (exit, _, error) = await command.RunAsync("whoami");
        exit.ShouldBe(3);
        error.ShouldContain("The session at");
    }

    [Fact]
    public async Task Session_tokens_are_not_sent_to_other_server()
    {
        var asked = 0;
        await using var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 900));
        await using var other = await StubServer.StartAsync(app => app.MapFallback(() => { Interlocked.Increment(ref asked); }));
        using var command = new CommandRun();
        await LogInAsync(command, server.Address);
        (await command.RunAsync("whoami", "--server", other.Address.AbsoluteUri)).Exit.ShouldBe(3);
        asked.ShouldBe(0);
    }

    [Fact]
    public async Task Logout_deletes_session_even_if_server_is_unreachable()
    {
        using var command = new CommandRun();
        await using (var server = await StubServer.StartAsync(app => MapSignIn(app, expiresIn: 900)))
        {
            await LogInAsync(command, server.Address);
        }

        (await command.RunAsync("logout")).Exit.ShouldBe(5);
        File.Exists(command.SessionFile).ShouldBeFalse();
    }

    private static async Task<int> LogInAsync(CommandRun command, Uri server)
        => (await command.RunWithInputAsync(
            "secret\n", "login", "--server", server.AbsoluteUri, "--email", "a@example.com", "--password-stdin")).Exit;

    private static async Task<string?> WhoAmIAsync(CommandRun command)
    {
        var (exit, output, error) = await command.RunAsync("whoami", "-o", "json");
        exit.ShouldBe(0, error);
        using var me = JsonDocument.Parse(output);
        return me.RootElement.GetProperty("user").GetProperty("user_id").GetString();
    }

    /// <summary>Signs anyone in, takes each refresh token once, and answers the credential as the user.</summary>
    private static void MapSignIn(WebApplication app, int expiresIn)
    {
        var issued = 0;
        app.MapPost("/auth/login", Issue);
        app.MapPost(
            "/auth/refresh",
            (JsonElement body) => body.GetProperty("refresh_token").GetString() == $"refresh-{Volatile.Read(ref issued)}"
            ? Issue()
            : Results.Text("""{"status":401,"code":"auth.invalid","detail":"Spent."}""", "application/problem+json", statusCode: 401));
        app.MapGet("/auth/me", (HttpRequest request) => Results.Text(
            $$"""{"user":{"user_id":"{{request.Headers.Authorization}}"},"memberships":[],"actor_type":"human"}""", "application/json"));

        IResult Issue()
        {
            var number = Interlocked.Increment(ref issued);
            return Results.Text(
                $$"""{"access_token":"access-{{number}}","token_type":"bearer","refresh_token":"refresh-{{number}}","expires_in":{{expiresIn}},"user":{"user_id":"u"},"memberships":[]}""",
                "application/json");
        }
    }
}
