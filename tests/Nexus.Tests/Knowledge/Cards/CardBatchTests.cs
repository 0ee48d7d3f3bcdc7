using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Knowledge.Cards;

/// <summary><c>POST /nexus/cards/batch</c>: one result per line.</summary>
public sealed class CardBatchTests
{
    [Theory, Engines]
    public async Task Results_are_in_order_and_failed_line_does_not_stop_batch(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var results = await Post(
            member,
            Line("card_type: note\n---\nfirst"),
            Line("no separator"),
            "{\"text\":",
            "{\"text\":\"a\",\"text\":\"b\"}",
            "{\"Text\":\"x\"}",
            "[]",
            Line("title: x\n---\n"),
            Line("card_type: note\n---\nlast"));
        results.Select(Describe).ShouldBe(
        [
            "first", "422 card.separator", "400 json.malformed", "400 json.malformed", "422 body.invalid", "422 body.invalid",
            "422 card.type_missing", "last",
        ]);
        (await member.EventTypes()).ShouldBe(["card_created", "card_created"]);
    }

    [Theory, Engines]
    public async Task Line_naming_other_tenant_or_env_is_rejected(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        const string Text = "\"text\":\"card_type: note\\n---\\nx\"";
        var results = await Post(
            member,
            $$"""{"tenant_id":"{{other.Tenant}}",{{Text}}}""",
            $$"""{"env":"dev",{{Text}}}""",
            Line($"card_type: note\ntenant_id: {other.Tenant}\n---\nx"),
            Line("card_type: note\nenv: dev\n---\nx"),
            $$"""{"tenant_id":5,{{Text}}}""", $$"""{"tenant_id":"{{member.Tenant}}","env":"PROD",{{Text}}}""");
        results.Select(Describe)
            .ShouldBe(
                ["400 context.mismatch", "400 context.mismatch", "400 context.mismatch", "400 context.mismatch", "400 context.mismatch", "x"]);
        (await member.EventTypes()).ShouldBe(["card_created"]);
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Batch_accepts_at_most_1000_lines(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var lines = Enumerable.Range(0, 1001).Select(i => Line($"card_type: note\n---\nnumber {i}")).ToArray();
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", content)).Refused(422, "batch.too_long");
        (await member.EventTypes()).ShouldBeEmpty();

        var results = await Post(member, lines[..1000]);
        results.Select(Describe).ShouldBe(Enumerable.Range(0, 1000).Select(i => $"number {i}"));
        var events = await member.Events();
        events.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 1000).Select(seq => (long)seq));
        events.ShouldAllBe(recorded => Caller.TypeOf(recorded) == "card_created");
    }

    [Theory, Engines]
    public async Task Content_type_other_than_NDJSON_returns_415(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", "/nexus/cards/batch", Line(Caller.Note))).Refused(415, "body.content_type");
        (await member.Text("POST", "/nexus/cards/batch", Line(Caller.Note))).Refused(415, "body.content_type");
        (await Post(member)).ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
    }

    private static string Line(string text) =>
        JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = text });

    private static async Task<List<JsonElement>> Post(Caller caller, params string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        var reply = await caller.Send("POST", "/nexus/cards/batch", content);
        reply.Status.ShouldBe(200, reply.Body);
        return [.. reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>Returns the body of the created card, or the error code.</summary>
    private static string Describe(JsonElement result) => result.TryGetProperty("card", out var card)
        ? card.GetProperty("body_text").GetString()!
        : $"{result.GetProperty("error").GetProperty("status").GetInt32()} {result.GetProperty("error").GetProperty("code").GetString()}";
}
