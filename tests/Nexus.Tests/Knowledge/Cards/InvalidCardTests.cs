using System.Text;

namespace Nexus.Tests.Knowledge.Cards;

/// <summary>Invalid cards and conditions: the routes respond with a code and change nothing.</summary>
public sealed class InvalidCardTests
{
    private const string Deep = "card_type: note\nx: ";

    public static IReadOnlyList<(string Name, string Text, string Answer)> Texts { get; } =
    [
        ("6,000 brackets", Deep + new string('[', 6000) + "\n---\nbody", "422 card.yaml"),
        ("6,000 braces", Deep + new string('{', 6000) + "\n---\nbody", "422 card.yaml"),
        ("20,000 nested dashes", "card_type: note\nx:\n" + string.Concat(Enumerable.Repeat("- ", 20_000)) + "1\n---\nbody", "422 card.yaml"),
        ("3,000 nested dashes", "card_type: note\nx:\n  " + string.Concat(Enumerable.Repeat("- ", 3_000)) + "1\n---\nbody", "422 card.yaml"),
        ("an alias", "card_type: note\nx: &a 1\ny: *a\n---\nbody", "422 card.yaml"),
        ("an anchor", "card_type: note\nx: &a 1\n---\nbody", "422 card.yaml"),
        ("a tag", "card_type: !!str note\n---\nbody", "422 card.yaml"),
        ("a type's tag", "card_type: note\nx: !System.Type y\n---\nbody", "422 card.yaml"),
        ("a merge key", "card_type: note\n<<: {a: 1}\n---\nbody", "422 card.yaml"),
        ("duplicate keys", "card_type: note\ncard_type: memo\n---\nbody", "422 card.yaml"),
        ("duplicate keys below", "card_type: note\nx: {a: 1, a: 2}\n---\nbody", "422 card.yaml"),
        ("a list for a header", "- card_type: note\n---\nbody", "422 card.yaml"),
        ("a header over 8 KiB", $"card_type: note\nx: {new string('a', 8192)}\n---\nbody", "422 card.yaml"),
        ("no separator", "card_type: note\nbody", "422 card.separator"),
        ("an empty text", "", "422 card.separator"),
        ("no card_type", "title: x\n---\nbody", "422 card.type_missing"),
        ("an empty header", "---\n---\nbody", "422 card.type_missing"),
        ("a list for a card_type", "card_type: [note]\n---\nbody", "422 card.type_missing"),
        ("U+0000 in the body", "card_type: note\n---\na\0b", "422 card.text"),
        ("U+0000 in the header", "card_type: no\0te\n---\nbody", "422 card.text"),
        ("U+0000 by escape", "card_type: note\nsubject_id: \"a\\0b\"\n---\nbody", "422 card.yaml"),
        ("half a surrogate pair by escape", "card_type: note\nsubject_id: \"a\\ud800b\"\n---\nbody", "422 card.yaml"),
        ("another tenant", "card_type: note\ntenant_id: t_somebody_else\n---\nbody", "400 context.mismatch"),
        ("another env", "card_type: note\nenv: dev\n---\nbody", "400 context.mismatch"),
        ("a tenant that is a list", "card_type: note\ntenant_id: [t_x]\n---\nbody", "422 card.yaml"),
    ];

    [Theory, Engines]
    public async Task Invalid_text_is_rejected_and_changes_nothing(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card();
        var before = await member.State();
        var wrong = new List<string>();
        foreach (var (name, text, answer) in Texts)
        {
            var posted = await member.Post(text);
            var put = await member.Text("PUT", $"/nexus/cards/{id}", text, ("If-Match", "*"));
            if (posted.ToString() != answer || put.ToString() != answer)
            {
                wrong.Add($"{name}: {posted} and {put}, not {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await member.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Body_over_5_MB_returns_413(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var text = "card_type: note\n---\n" + new string('a', 5 << 20);
        (await member.Post(text)).Refused(413, "body.too_large");
        using var chunked = new StringContent(text, Encoding.UTF8, "text/plain");
        (await member.Send("POST", "/nexus/cards", chunked, ("Transfer-Encoding", "chunked"))).Refused(413, "body.too_large");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Invalid_UTF8_returns_400(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var bytes in (byte[][])[[0xff], [0xed, 0xa0, 0x80], [0xc0, 0x80]])
        {
            using var content = new ByteArrayContent([.. "card_type: note\n---\n"u8, .. bytes]);
            content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
            (await member.Send("POST", "/nexus/cards", content)).Refused(400, "body.encoding");
        }

        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Unsupported_content_type_or_charset_returns_415(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var type in new[] { "application/json", "text/html", "text/plain; charset=utf-16", "text/plain; charset=latin1", "text", "" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Caller.Note));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            (await member.Send("POST", "/nexus/cards", content)).Refused(415, "body.content_type");
        }

        (await member.EventTypes()).ShouldBeEmpty();
        using var markdown = new StringContent(Caller.Note, Encoding.UTF8, "text/markdown");
        (await member.Send("POST", "/nexus/cards", markdown)).Ok();
    }

    [Theory, Engines]
    public async Task Put_requires_ETag_of_newest_revision(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card();
        (await Put("\"1\"")).Ok();
        var before = await member.State();
        (await Put(null)).Refused(428, "precondition.required");
        foreach (var stale in new[] { "\"1\"", "\"3\"", "W/\"2\"", "\"1\", \"3\"", "\"\"" })
        {
            (await Put(stale)).Refused(412, "precondition.failed");
        }

        foreach (var garbage in new[] { "2", "garbage", "\"2", "\"2\" x", ",", "" })
        {
            (await Put(garbage)).Refused(400, "precondition.invalid");
            (await member.Delete($"/nexus/cards/{id}", ("If-Match", garbage))).Refused(400, "precondition.invalid");
        }

        (await member.State()).ShouldBe(before);
        (await Put("\"9\", \"2\"")).Ok();

        Task<Reply> Put(string? tag) => member.Text("PUT", $"/nexus/cards/{id}", Caller.Note, ("If-Match", tag));
    }

    [Theory, Engines]
    public async Task Only_one_concurrent_update_of_a_revision_succeeds(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card();
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => member.Text("PUT", $"/nexus/cards/{id}", $"card_type: note\n---\n{i}", ("If-Match", "\"1\""))));
        replies.Count(reply => reply.Status == 200).ShouldBe(1);
        replies.Count(reply => reply.Code == "precondition.failed").ShouldBe(11);
        (await member.EventTypes()).ShouldBe(["card_created", "card_updated"]);
    }

    [Theory, Engines]
    public async Task Invalid_list_parameters_are_rejected(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        foreach (var limit in new[] { "0", "101", "abc", "-1", "1.5", "%2B5", "", "99999999999", "5&limit=5", "%D9%A3" })
        {
            (await member.Get($"/nexus/cards?limit={limit}")).Refused(422, "limit.invalid");
        }

        await member.Card();
        await member.Card();
        await other.Card();
        await other.Card();
        var cursor = await Cursor(member);
        (await member.Get($"/nexus/cards?limit=1&cursor={cursor}")).Ok().GetProperty("items").GetArrayLength().ShouldBe(1);
        string[] refused =
        [
            $"/nexus/cards?limit=1&cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}", $"/nexus/cards?cursor={cursor}A", $"/nexus/cards?cursor={cursor}=", $"/nexus/cards?cursor={cursor[..^1]}",
            "/nexus/cards?cursor=", "/nexus/cards?cursor=abc", $"/nexus/cards?cursor={new string('A', 5000)}", $"/nexus/cards?cursor={cursor}&cursor={cursor}", "/nexus/cards?cursor=%F0%9F%A6%8A",
            $"/nexus/cards?cursor={await Cursor(other)}", $"/nexus/cards?card_type=note&cursor={cursor}", $"/nexus/cards?created_after=2020-01-01T00:00:00Z&cursor={cursor}",
        ];
        foreach (var path in refused)
        {
            (await member.Get(path)).Refused(400, "cursor.invalid");
        }

        (await member.Get($"/nexus/cards?limit=1&cursor={cursor}", ("X-Env", "dev"))).Refused(400, "cursor.invalid");
        (await member.Get("/nexus/cards?created_after=yesterday")).Refused(400, "request.malformed");

        static async Task<string> Cursor(Caller caller) => (await caller.Get("/nexus/cards?limit=1")).Ok().GetProperty("next_cursor").GetString()!;
    }
}
