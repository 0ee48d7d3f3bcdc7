using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Nexus.Testing.Crash;

namespace Nexus.Tests.Cli;

/// <summary><c>nexus serve</c> as a process of its own: what it prints, and how it ends.</summary>
public sealed class ServeTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Serve_prints_getting_started_and_drains_on_SIGTERM()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(_patience);
        var folder = Directory.CreateTempSubdirectory("nexus-serve-");
        var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        using var server = Start(
            "--data",
            Path.Combine(folder.FullName, "data"),
            "--urls",
            address.GetLeftPart(UriPartial.Authority),
            "--demo");
        try
        {
            var log = server.StandardError.ReadToEndAsync(patience.Token);
            var words = await ReadUntilAsync(server.StandardOutput, "Try it:", patience.Token);
            words.ShouldContain($"Nexus is listening on {address.GetLeftPart(UriPartial.Authority)}");
            words.ShouldContain("/setup#setup=nxl_");
            words.ShouldContain("/auth/setup -H 'Content-Type: application/json'");
            words.ShouldContain("nxs_t_demo.");

            using var connection = new TcpClient();
            await connection.ConnectAsync(address.Host, address.Port, patience.Token);
            await using var stream = connection.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    "POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: "
                    + "100-continue\r\n\r\n"),
                patience.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            (await reader.ReadLineAsync(patience.Token)).ShouldBe("HTTP/1.1 100 Continue");
            await reader.ReadLineAsync(patience.Token);

            using (var kill = Process.Start("kill", ["-TERM", $"{server.Id}"]))
            {
                await kill.WaitForExitAsync(patience.Token);
            }

            await stream.WriteAsync("{}"u8.ToArray(), patience.Token);
            (await reader.ReadLineAsync(patience.Token)).ShouldBe("HTTP/1.1 422 Unprocessable Entity");
            await server.WaitForExitAsync(patience.Token);
            server.ExitCode.ShouldBe(0, await log);
        }
        finally
        {
            if (!server.HasExited)
            {
                server.Kill();
                await server.WaitForExitAsync(CancellationToken.None);
            }

            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task All_invalid_settings_are_reported_with_exit_2()
    {
        var (exit, error) = await RefusedAsync(
            "Nexus__Database__Engine=oracle",
            "Nexus__MasterKee=x",
            "Nexus__Init__Email=nobody",
            "Nexus__RateLimits__Limit=many");
        exit.ShouldBe(2);
        error.ShouldContain("Nexus:Database:Engine");
        error.ShouldContain("Unknown setting Nexus:MasterKee. Did you mean Nexus:MasterKey?");
        error.ShouldContain("Nexus:RateLimits:Limit: 'many' is not an integer.");
        error.ShouldContain("Nexus:Init");
    }

    private static async Task<(int Exit, string Error)> RefusedAsync(params string[] variables)
    {
        using var server = Start(
            variables,
            "--data",
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            "--urls",
            "http://127.0.0.1:0");
        var error = await server.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (server.ExitCode, error);
    }

    private static Process Start(params string[] options) => Start([], options);

    private static Process Start(string[] variables, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "nexus.dll"), "serve", .. options])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in variables)
        {
            var parts = variable.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        return Process.Start(start)!;
    }

    private static async Task<string> ReadUntilAsync(StreamReader reader, string end, CancellationToken cancellationToken)
    {
        var words = new StringBuilder();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            words.AppendLine(line);
            if (line == end)
            {
                break;
            }
        }

        return words.ToString();
    }
}
