using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Nexus.Tests.Cli;

/// <summary>What an import does when the server is busy or refuses.</summary>
public sealed class CardImportTests
{
    [Fact]
    public async Task Batch_is_retried_with_same_idempotency_key_after_429()
    {
        var keys = new List<string>();
        var (exit, report, _) = await ImportAsync(
            (request, lines) =>
            {
                keys.Add(request.Headers["Idempotency-Key"].ToString());
                if (keys.Count == 1)
                {
                    request.HttpContext.Response.Headers.RetryAfter = "0";
                    return Results.Text(
                        """{"status":429,"code":"rate_limit.exceeded","detail":"Busy."}""",
                        "application/problem+json",
                        statusCode: 429);
                }

                return Stored(lines);
            },
            command => command.Write("a.md", "one"));
        exit.ShouldBe(0);
        report.GetProperty("imported").GetArrayLength().ShouldBe(1);
        keys.Count.ShouldBe(2);
        keys[1].ShouldBe(keys[0]);
    }

    [Fact]
    public async Task Refused_lines_and_unreadable_files_are_reported_with_exit_1()
    {
        var (exit, report, _) = await ImportAsync(
            (_, lines) => Results.Text(
                string.Concat(lines.Select(line => line.Contains("bad", StringComparison.Ordinal)
                    ? """{"error":{"status":422,"code":"card.yaml","detail":"No."}}""" + "\n"
                    : Line())),
                "application/x-ndjson"),
            command =>
            {
                command.Write("good.md", "good");
                command.Write("sub/bad.txt", "bad");
                command.Write("not-a-card.bin", "bad");
                command.Write(".hidden/bad.md", "bad");
                File.WriteAllBytes(Path.Combine(command.Folder, "latin1.txt"), [0xE4, 0xF6]);
            });
        exit.ShouldBe(1);
        report.GetProperty("files").GetInt32().ShouldBe(3);
        report.GetProperty("imported").GetArrayLength().ShouldBe(1);
        report.GetProperty("refused").EnumerateArray()
            .Select(file => (Path.GetFileName(file.GetProperty("file").GetString()), file.GetProperty("code").GetString()))
            .ShouldBe([("latin1.txt", "client.encoding"), ("bad.txt", "card.yaml")]);
    }

    [Fact]
    public async Task Forbidden_import_stops_and_exits_3()
    {
        var (exit, report, error) = await ImportAsync(
            (_, _) =>
                Results.Text("""{"status":403,"code":"auth.role","detail":"Members only."}""", "application/problem+json", statusCode: 403),
            command => command.Write("a.md", "one"));
        exit.ShouldBe(3);
        report.GetProperty("unsettled").GetInt32().ShouldBe(1);
        error.ShouldStartWith("nexus: auth.role: Members only.");
    }

    [Fact]
    public async Task Missing_results_are_reported_as_unsettled_with_exit_5()
    {
        var (exit, report, _) = await ImportAsync(
            (_, _) => Results.Text(Line(), "application/x-ndjson"),
            command =>
            {
                command.Write("a.md", "one");
                command.Write("b.md", "two");
            });
        exit.ShouldBe(5);
        report.GetProperty("imported").GetArrayLength().ShouldBe(1);
        report.GetProperty("unsettled").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Type_option_applies_only_to_files_without_card_type()
    {
        var sent = new List<string>();
        await ImportAsync(
            (_, lines) =>
            {
                sent.AddRange(lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!));
                return Stored(lines);
            },
            command =>
            {
                command.Write("a.md", "---\ncard_type: own\n---\nä 😀");
                command.Write("b.md", "\uFEFF---\ntitle: b\n---\ntext");
            },
            "--type",
            "note");
        sent.ShouldBe(["---\ncard_type: own\n---\nä 😀", "---\ncard_type: note\ntitle: b\n---\ntext"]);
    }

    private static async Task<(int Exit, JsonElement Report, string Error)> ImportAsync(
        Func<HttpRequest, List<string>, IResult> batch, Action<CommandRun> write, params string[] options)
    {
        await using var server = await StubServer.StartAsync(app => app.MapPost("/nexus/cards/batch", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            var body = await reader.ReadToEndAsync();
            return batch(request, [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        }));
        using var command = new CommandRun();
        write(command);
        command.Variables["NEXUS_SERVER"] = server.Address.AbsoluteUri;
        command.Variables["NEXUS_TOKEN"] = "token";
        var (exit, output, error) = await command.RunAsync(["card", "import", command.Folder, "-o", "json", .. options]);
        return (exit, JsonDocument.Parse(output).RootElement, error);
    }

    private static IResult Stored(List<string> lines) => Results.Text(string.Concat(lines.Select(_ => Line())), "application/x-ndjson");

    private static string Line() =>
        $$$"""{"card":{"card_id":"{{{Guid.CreateVersion7()}}}","tenant_id":"t_a","env":"prod","version":"v1","card_type":"x","header":{},"body_text":"","full_text":"","metadata":{},"created_at":"2026-01-01T00:00:00Z","created_by":"u"}}"""
            + "\n";
}
