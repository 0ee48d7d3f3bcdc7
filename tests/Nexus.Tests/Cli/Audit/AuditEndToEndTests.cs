using System.Text.Json;
using Nexus.Tests.Identity;

namespace Nexus.Tests.Cli.Audit;

/// <summary><c>nexus audit</c> against the real server: follow, export, keep a checkpoint, verify with it.</summary>
public sealed class AuditEndToEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Tail_prints_one_event_per_line(string engine)
    {
        using var command = await WithEventsAsync(engine);
        var (exit, output, error) = await command.RunAsync("audit", "tail", "--after", "0", "--count", "3");
        exit.ShouldBe(0, error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        lines.Select(line => line.GetProperty("seq").GetInt64()).ShouldBe([1, 2, 3]);
        lines[^1].GetProperty("metadata").GetProperty("event_type").GetString().ShouldBe("audit_read");
        (await command.RunAsync("audit", "tail", "--after", "0", "--count", "2", "-o", "table")).Out.ShouldContain("card_created  card ");
        var beyond = await command.RunAsync("audit", "tail", "--after", "1000000", "--count", "1");
        (beyond.Exit, beyond.Error.Contains("last_event_id.invalid", StringComparison.Ordinal)).ShouldBe((1, true), beyond.Error);
    }

    [Theory, Engines]
    public async Task Export_verifies_and_modified_export_does_not(string engine)
    {
        using var command = await WithEventsAsync(engine);
        var file = Path.Combine(command.Folder, "export.ndjson");
        (await command.RunAsync("audit", "export", "--out", file)).Exit.ShouldBe(0);
        (await command.RunAsync("audit", "export", "--out", file)).Exit.ShouldBe(2);
        var (exit, output, error) = await command.RunAsync("audit", "verify", file);
        exit.ShouldBe(0, error + output);
        JsonElement.Parse(output).GetProperty("events").GetInt64().ShouldBe(4);
        var text = await File.ReadAllTextAsync(file, Cancellation);
        command.Write("export.ndjson", text.Replace("nexus", "sexun", StringComparison.Ordinal));
        (await command.RunAsync("audit", "verify", file)).Exit.ShouldBe(6);

        var (_, table, _) = await command.RunAsync("audit", "export", "--format", "csv", "--to", "2020-01-01");
        table.ShouldStartWith("\"seq\",");
        (await command.RunAsync("audit", "export", "--from", "yesterday")).Exit.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Redacted_events_and_ids_verify(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        (await admin.Json("POST", "/events", """{"input":{"text":"write to bob@example.com"},"subject_id":"bob@example.com"}""")).Ok();
        using var ann = host.Client(admin.Tenant, "ann@example.com", "admin");
        (await ann.GetAsync(new Uri("/audit/events", UriKind.Relative), Cancellation)).EnsureSuccessStatusCode();
        using var command = new CommandRun();
        var file = command.Write("export.ndjson", (await admin.Get("/audit/export")).Body);
        var (exit, output, error) = await command.RunAsync("audit", "verify", file);
        exit.ShouldBe(0, error + output);
        (await File.ReadAllTextAsync(file, Cancellation)).ShouldNotContain("@example.com");
    }

    private static async Task<CommandRun> WithEventsAsync(string engine)
    {
        var host = await Api.HostAsync(engine);
        var person = await Api.SignUpAsync(host);
        var command = new CommandRun();
        command.Variables["NEXUS_SERVER"] = host.Address.AbsoluteUri;
        (await command.RunWithInputAsync($"{Api.Password}\n", "login", "--email", person.Email, "--password-stdin")).Exit.ShouldBe(0);
        for (var i = 0; i < 3; i++)
        {
            (await command.RunWithInputAsync($"---\ncard_type: note\n---\ncard {i}\n", "card", "add", "-")).Exit.ShouldBe(0);
        }

        return command;
    }
}
