using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Nexus.Tests.Identity;

namespace Nexus.Tests.Cli;

/// <summary><c>nexus user</c>: what the operator does directly in the database.</summary>
public sealed class UserCommandTests
{
    [Fact]
    public async Task Reset_link_on_SQLite_requires_stopped_server()
    {
        await using var host = await NexusHost.StartAsync(
            "sqlite",
            new Dictionary<string, string?>(Api.Open) { ["Nexus:MasterKey"] = null });
        var ada = await Api.SignUpAsync(host);
        using var command = new CommandRun();

        var (exit, _, error) = await command.RunAsync("user", "reset-link", ada.Email, "--data", host.Folder);
        exit.ShouldBe(2);
        error.ShouldStartWith("nexus: operator.in_use: ");
        error.ShouldContain("nexus member reset-link");

        await host.StopAsync();
        var link =
            JsonDocument.Parse(
                (await command.RunAsync(
                    "user",
                    "reset-link",
                    ada.Email,
                    "--data",
                    host.Folder,
                    "--server",
                    "https://nexus.example")).Out).RootElement;
        (await command.RunAsync("user", "reset-link", "nobody@example.com", "--data", host.Folder)).Exit.ShouldBe(4);

        link.GetProperty("url").GetString().ShouldStartWith("https://nexus.example/setup#reset=");
        await host.StartAgainAsync();
        await new Api(host.Anonymous()).Post(
            "/auth/redeem",
            new() { ["token"] = link.GetProperty("token").GetString(), ["password"] = "another staple battery" });
        await Api.LogInAsync(host, ada.Email, "another staple battery");
    }

    [Fact]
    public async Task Unknown_data_folder_is_not_created()
    {
        using var command = new CommandRun();
        var folder = Path.Combine(command.Folder, "mistyped");
        var (exit, _, error) = await command.RunAsync("user", "reset-link", "ada@example.com", "--data", folder);
        exit.ShouldBe(2);
        error.ShouldStartWith("nexus: operator.refused: ");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Reset_link_on_PostgreSQL_works_with_running_server()
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await using var host = await NexusHost.StartAsync(
            "postgres",
            new Dictionary<string, string?>(Api.Open) { ["Nexus:MasterKey"] = key });
        var ada = await Api.SignUpAsync(host);
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "nexus.dll"), "user", "reset-link", ada.Email, "--data", host.Folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["Nexus__Database__Engine"] = "postgres",
                ["Nexus__Database__ConnectionString"] = host.ConnectionString,
                ["Nexus__MasterKey"] = key,
            },
        };
        using var command = Process.Start(start)!;
        var error = command.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await command.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await command.WaitForExitAsync(TestContext.Current.CancellationToken);

        command.ExitCode.ShouldBe(0, await error);
        var token = JsonDocument.Parse(output).RootElement.GetProperty("token").GetString();
        await new Api(host.Anonymous()).Post("/auth/redeem", new() { ["token"] = token, ["password"] = "another staple battery" });
        await Api.LogInAsync(host, ada.Email, "another staple battery");
    }
}
