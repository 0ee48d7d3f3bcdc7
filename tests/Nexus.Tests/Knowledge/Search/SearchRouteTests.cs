using System.Text.Json;

namespace Nexus.Tests.Knowledge.Search;

/// <summary><c>POST /nexus/search</c>: access, results, and recorded events.</summary>
public sealed class SearchRouteTests
{
    [Theory, Engines]
    public async Task Search_requires_auth(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Json("POST", "/nexus/search", """{"query_text":"x"}""", ("Authorization", null))).Refused(401, "auth.missing");
        (await viewer.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Search_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var viewer = Caller.Create(host, "viewer");
        using var other = Caller.Create(host);
        (await viewer.Json("POST", "/nexus/search", """{"query_text":"x"}""", ("X-Tenant-Id", other.Tenant))).Refused(
            403,
            "auth.tenant_mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Other_tenant_or_env_finds_nothing(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        await member.Card("card_type: note\n---\nobsidian");
        (await member.Find("obsidian")).Length.ShouldBe(1);
        (await stranger.Find("obsidian")).ShouldBeEmpty();
        (await elsewhere.Find("obsidian")).ShouldBeEmpty();
        (await stranger.Find("", """,  "filters":{"card_type":"note"}""")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Scores_do_not_depend_on_other_tenants_cards(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var first = Caller.Create(host);
        using var second = Caller.Create(host);
        await first.Card("card_type: note\n---\nbasalt and granite");
        await second.Card("card_type: note\n---\nbasalt and granite");
        for (var i = 0; i < 5; i++)
        {
            await second.Colleague("member", "dev").Card("card_type: note\n---\nbasalt");
        }

        (await Scores(first)).ShouldBe(await Scores(second));

        static async Task<IEnumerable<double>> Scores(Caller caller) =>
            (await caller.Json("POST", "/nexus/search", """{"query_text":"basalt"}""")).Ok()
                .EnumerateArray()
                .Select(result => result.GetProperty("score").GetDouble());
    }

    [Theory, Engines]
    public async Task Search_event_records_counts_but_not_query_text(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var viewer = member.Colleague("viewer");
        var id = await member.Card("card_type: decision\nversion: v2\ntitle: The pumice rule\n---\nPumice floats on water.");
        var reply = await viewer.Json("POST", "/nexus/search", """{"query_text":"pumice floats","explain":true}""");
        var result = reply.Ok().EnumerateArray().ShouldHaveSingleItem();
        result.GetProperty("id").GetString().ShouldBe(id);
        result.GetProperty("score").GetDouble().ShouldBeGreaterThan(0);
        result.GetProperty("snippet").GetString()!.ShouldContain("Pumice floats");
        result.GetProperty("explain").GetProperty("mode").GetString().ShouldBe("lexical");
        var metadata = result.GetProperty("metadata");
        (string Name, string Value)[] said =
        [
            ("tenant_id", member.Tenant), ("env", "prod"), ("card_type", "decision"), ("version", "v2"), ("title", "The pumice rule"),
        ];
        foreach (var (name, value) in said)
        {
            metadata.GetProperty(name).GetString().ShouldBe(value, name);
        }

        reply["Cache-Control"].ShouldBe("no-store");
        (await member.EventTypes()).ShouldBe(["card_created", "card_search"]);
        var recorded = (await member.Events())[1];
        recorded.AgentId.ShouldBe(viewer.User);
        recorded.Input!.Value.GetProperty("query_text_len").GetInt32().ShouldBe("pumice floats".Length);
        recorded.Output!.Value.GetProperty("result_count").GetInt32().ShouldBe(1);
        JsonSerializer.Serialize(recorded).ShouldNotContain("floats");
    }

    [Theory, Engines]
    public async Task Search_reflects_writes_once_they_are_acknowledged(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        for (var i = 0; i < 5; i++)
        {
            var id = await member.Card($"card_type: note\n---\nbefore{i}");
            (await member.Find($"before{i}")).ShouldBe([id]);
            (await member.Text("PUT", $"/nexus/cards/{id}", $"card_type: memo\n---\nafter{i}", ("If-Match", "\"1\""))).Ok();
            (await member.Find($"before{i}")).ShouldBeEmpty();
            (await member.Find($"after{i}")).ShouldBe([id]);
            (await member.Find("", """,  "filters":{"card_type":"note"}""")).ShouldBeEmpty();
            (await member.Delete($"/nexus/cards/{id}")).Status.ShouldBe(204);
            (await member.Find($"after{i}")).ShouldBeEmpty();
        }
    }

    [Theory, Engines]
    public async Task Concurrent_writers_find_their_own_cards_immediately(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async i =>
        {
            var id = await member.Card($"card_type: note\n---\nwriter{i}");
            (await member.Find($"writer{i}")).ShouldBe([id]);
        }));
    }

    [Theory, Engines]
    public async Task Filters_match_by_equality_and_list_matches_any(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var a = await member.Card("card_type: note\narea: rock\nrank: 1\ntags: [x, y]\n---\nslate");
        var b = await member.Card("card_type: memo\narea: rock\nrank: 2\nversion: v2\n---\nslate");
        var c = await member.Card("card_type: memo\narea: sand\nopen: true\n---\nslate");
        await Finds("""{"card_type":"note"}""", a);
        await Finds("""{"card_type":["note","memo"]}""", a, b, c);
        await Finds("""{"version":"v2"}""", b);
        await Finds("""{"area":"rock","card_type":"memo"}""", b);
        await Finds("""{"rank":1}""", a);
        await Finds("""{"rank":"1"}""");
        await Finds("""{"rank":[1,2]}""", a, b);
        await Finds("""{"tags":"y"}""", a);
        await Finds("""{"open":true}""", c);
        await Finds("""{"open":"true"}""");
        await Finds("""{"nowhere":"x"}""");
        await Finds("""{"Card_type":"note"}""");
        await Finds($$"""{"tenant_id":"{{member.Tenant}}","env":"PROD"}""", a, b, c);
        await Finds("null", a, b, c);
        await Finds("{}", a, b, c);

        async Task Finds(string filters, params string[] ids)
        {
            foreach (var text in new[] { "slate", "" })
            {
                (await member.Find(text, $",\"filters\":{filters}")).ShouldBe(ids, ignoreOrder: true, filters);
            }
        }
    }

    [Theory, Engines]
    public async Task Filters_naming_other_tenant_or_env_return_400(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        foreach (var filters in new[]
        {
            $$"""{"tenant_id":"{{other.Tenant}}"}""",
            $$"""{"tenant_id":["{{member.Tenant}}","{{other.Tenant}}"]}""",
            """{"tenant_id":null}""",
            """{"env":"dev"}""",
            """{"env":["prod"]}""",
            """{"env":1}""",
        })
        {
            (await member.Json("POST", "/nexus/search", $$"""{"query_text":"x","filters":{{filters}}}""")).Refused(400, "context.mismatch");
        }

        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Results_are_ordered_by_score_then_id(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await member.Card("card_type: note\n---\nmarble"));
        }

        var best = await member.Card("card_type: note\ntitle: marble marble\n---\nmarble marble marble");
        (await member.Find("marble")).ShouldBe([best, .. ids.Order(StringComparer.Ordinal)]);
        (await member.Find("marble", ",\"top_k\":3")).ShouldBe([best, .. ids.Order(StringComparer.Ordinal).Take(2)]);
    }

    [Theory, Engines]
    public async Task Empty_query_with_filters_lists_newest_first(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Insert(0, await member.Card($"card_type: note\n---\n{i}"));
        }

        (await member.Find("", """,  "filters":{"card_type":"note"}""")).ShouldBe(ids);
        (await member.Find("  ", """,  "filters":{"card_type":"note"},"top_k":2""")).ShouldBe(ids[..2]);
    }

    [Theory, Engines]
    public async Task Query_text_is_never_parsed_as_syntax(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card("card_type: note\n---\nalpha near beta");
        string[] texts =
        [
            "\"", "NEAR(", "AND", "*", new string('(', 3000), new string(')', 3000), "\"alpha", "title:", "^", "- -", "{a b}:",
            "'; drop table cards; --", "body:alpha OR", "\\", "🦊", "\u0301",
        ];
        foreach (var text in texts)
        {
            (await member.Json("POST", "/nexus/search", $$"""{"query_text":{{JsonSerializer.Serialize(text)}}}""")).Status.ShouldBe(
                200,
                text);
        }

        (await member.Find("alpha AND gamma")).ShouldBe([id]);
        (await member.Find("\"alpha\"*")).ShouldBe([id]);
        (await member.Find("NEAR(alpha")).ShouldBe([id]);
    }

    [Theory, Engines]
    public async Task Invalid_query_is_rejected_without_event(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (string Query, string Answer)[] queries =
        [
            ("""{"query_text":"x","top_k":0}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":-1}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":101}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":1e9}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":1000000000}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":99999999999999999999}""", "400 json.malformed"),
            ("""{"query_text":"x","top_k":"5"}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":1.5}""", "422 body.invalid"),
            ("""{"query_text":"x","top_k":[5]}""", "422 body.invalid"),
            ("""{"query_text":"x","mode":"magic"}""", "422 body.invalid"),
            ("""{"query_text":"x","mode":1}""", "422 body.invalid"),
            ("""{"query_text":"x","explain":"yes"}""", "422 body.invalid"),
            ("""{"query_text":null}""", "422 body.invalid"),
            ("""{"query_text":5}""", "422 body.invalid"),
            ("{}", "422 body.invalid"),
            ("[]", "422 body.invalid"),
            ("null", "422 body.invalid"),
            ("""{"query_text":"x","limit":5}""", "422 body.invalid"),
            ("""{"Query_text":"x"}""", "422 body.invalid"),
            ("""{"query_text":"x","query_text":"y"}""", "400 json.malformed"),
            ("""{"query_text":"x","filters":{"a":1,"a":2}}""", "400 json.malformed"),
            ("""{"query_text":"a\u0000b"}""", "400 json.malformed"),
            ("""{"query_text":"\ud800"}""", "400 json.malformed"),
            ("""{"query_text":"a\u0007b"}""", "422 body.invalid"),
            ("""{"query_text":"x","filters":[]}""", "422 body.invalid"),
            ("""{"query_text":"x","filters":{"a":{"b":1}}}""", "422 body.invalid"),
            ("""{"query_text":"x","filters":{"a":[]}}""", "422 body.invalid"),
            ("""{"query_text":"x","filters":{"a":[["b"]]}}""", "422 body.invalid"),
            ($$"""{"query_text":"{{new string('a', 10_001)}}"}""", "422 body.invalid"),
            ($$$"""{"query_text":"x","filters":{{{{string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"k{i}\":1"))}}}}}""", "422 body.invalid"),
            ($$$"""{"query_text":"x","filters":{"a":[{{{string.Join(',', Enumerable.Range(0, 101))}}}]}}""", "422 body.invalid"),
        ];
        var wrong = new List<string>();
        foreach (var (query, answer) in queries)
        {
            if (await member.Json("POST", "/nexus/search", query) is var reply && reply.ToString() != answer)
            {
                wrong.Add($"{query}: {reply}, not {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
    }
}
