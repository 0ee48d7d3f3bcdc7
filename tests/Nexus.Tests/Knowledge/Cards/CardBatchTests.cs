using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Knowledge.Cards;

/// <summary><c>POST /nexus/cards/batch</c>: a line at a time in, a line at a time out.</summary>
public sealed class CardBatchTests
{
    [Theory, Engines]
    public async Task Each_line_is_answered_in_order_and_a_refused_one_stops_no_other(string engine)
    {
        using var member = Caller.Of(await NexusHost.SharedAsync(engine));
        var results = await Post(
            member,
            Line("card_type: note\n---\nfirst"), Line("no separator"), "{\"text\":", "{\"text\":\"a\",\"text\":\"b\"}", "{\"Text\":\"x\"}", "[]", Line("title: x\n---\n"), Line("card_type: note\n---\nlast"));
        results.Select(Say).ShouldBe(
        [
            "first", "422 card.separator", "400 json.malformed", "400 json.malformed", "422 body.invalid", "422 body.invalid", "422 card.type_missing", "last",
        ]);
        (await member.EventTypes()).ShouldBe(["card_created", "card_created"]);
    }

    [Theory, Engines]
    public async Task A_line_that_names_another_tenant_or_env_is_refused(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Of(host);
        using var other = Caller.Of(host);
        const string text = "\"text\":\"card_type: note\\n---\\nx\"";
        var results = await Post(
            member,
            $$"""{"tenant_id":"{{other.Tenant}}",{{text}}}""", $$"""{"env":"dev",{{text}}}""", Line($"card_type: note\ntenant_id: {other.Tenant}\n---\nx"), Line("card_type: note\nenv: dev\n---\nx"),
            $$"""{"tenant_id":5,{{text}}}""", $$"""{"tenant_id":"{{member.Tenant}}","env":"PROD",{{text}}}""");
        results.Select(Say).ShouldBe(["400 context.mismatch", "400 context.mismatch", "400 context.mismatch", "400 context.mismatch", "400 context.mismatch", "x"]);
        (await member.EventTypes()).ShouldBe(["card_created"]);
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task A_batch_takes_a_thousand_lines_and_not_one_more(string engine)
    {
        using var member = Caller.Of(await NexusHost.SharedAsync(engine));
        var lines = Enumerable.Range(0, 1001).Select(i => Line($"card_type: note\n---\nnumber {i}")).ToArray();
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", content)).Refused(422, "batch.too_long");
        (await member.EventTypes()).ShouldBeEmpty();

        var results = await Post(member, lines[..1000]);
        results.Select(Say).ShouldBe(Enumerable.Range(0, 1000).Select(i => $"number {i}"));
        var events = await member.Events();
        events.Select(recorded => recorded.Seq).ShouldBe(Enumerable.Range(0, 1000).Select(seq => (long)seq));
        events.ShouldAllBe(recorded => Caller.TypeOf(recorded) == "card_created");
    }

    [Theory, Engines]
    public async Task Only_ndjson_is_taken(string engine)
    {
        using var member = Caller.Of(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", "/nexus/cards/batch", Line(Caller.Note))).Refused(415, "body.content_type");
        (await member.Text("POST", "/nexus/cards/batch", Line(Caller.Note))).Refused(415, "body.content_type");
        (await Post(member)).ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
    }

    private static string Line(string text) => JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["text"] = text });

    private static async Task<List<JsonElement>> Post(Caller caller, params string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        var reply = await caller.Send("POST", "/nexus/cards/batch", content);
        reply.Status.ShouldBe(200, reply.Body);
        return [.. reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>The body of the card that was made, or why none was.</summary>
    private static string Say(JsonElement result) => result.TryGetProperty("card", out var card)
        ? card.GetProperty("body_text").GetString()!
        : $"{result.GetProperty("error").GetProperty("status").GetInt32()} {result.GetProperty("error").GetProperty("code").GetString()}";
}
