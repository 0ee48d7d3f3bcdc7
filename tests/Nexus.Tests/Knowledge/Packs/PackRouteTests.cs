using System.Text;
using System.Text.Json;

namespace Nexus.Tests.Knowledge.Packs;

/// <summary><c>/nexus/influence-pack</c>: which cards are included, which are left out and why, and that a pack does not change.</summary>
public sealed class PackRouteTests
{
    private const string Query = """{"query":{"query_text":"agate"}}""";

    [Theory, Engines]
    public async Task Create_requires_auth(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", "/nexus/influence-pack", Query, ("Authorization", null))).Refused(401, "auth.missing");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Create_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        (await member.Json("POST", "/nexus/influence-pack", Query, ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Create_by_viewer_returns_403(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Json("POST", "/nexus/influence-pack", Query)).Refused(403, "auth.role");
        (await viewer.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Other_tenant_cannot_see_pack(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        await member.Card("card_type: note\n---\nagate");
        var id = (await Pack(member, Query)).GetProperty("pack_id").GetString();
        (await stranger.Get($"/nexus/influence-pack/{id}")).Refused(404, "not_found");
        (await stranger.Get($"/nexus/influence-pack/{id}/text")).Refused(404, "not_found");
        (await Pack(stranger, Query)).GetProperty("card_refs").GetArrayLength().ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Create_returns_pack_and_records_only_pack_created(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var card = await member.Card("card_type: note\nartifact_refs: [a1, a2]\n---\nAgate has bands.");
        var pack = await Pack(member, """{"query":{"query_text":"agate"},"tenant_id":null,"env":"prod"}""");
        pack.EnumerateObject()
            .Select(field => field.Name)
            .ShouldBe(["pack_id", "tenant_id", "env", "query", "card_refs", "metadata", "created_at", "created_by"]);
        pack.GetProperty("query").GetString().ShouldBe("agate");
        pack.GetProperty("created_by").GetString().ShouldBe(member.User);
        var reference = pack.GetProperty("card_refs").EnumerateArray().ShouldHaveSingleItem();
        reference.GetProperty("card_id").GetString().ShouldBe(card);
        reference.GetProperty("score").GetDouble().ShouldBeGreaterThan(0);
        reference.GetProperty("excerpt").GetString().ShouldBe("Agate has bands.");
        reference.GetProperty("artifact_refs").EnumerateArray().Select(artifact => artifact.GetString()).ShouldBe(["a1", "a2"]);
        pack.GetProperty("metadata").GetProperty("result_count").GetInt32().ShouldBe(1);

        (await member.EventTypes()).ShouldBe(["card_created", "pack_created"]);
        var recorded = (await member.Events())[1];
        recorded.Input!.Value.GetProperty("query_len").GetInt32().ShouldBe(5);
        recorded.Output!.Value.GetProperty("card_count").GetInt32().ShouldBe(1);
        recorded.Metadata.GetProperty("asset_id").GetString().ShouldBe(pack.GetProperty("pack_id").GetString());
        JsonSerializer.Serialize(recorded).ShouldNotContain("agate");
    }

    [Theory, Engines]
    public async Task Pack_is_unchanged_after_card_update_or_delete(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var card = await member.Card("card_type: note\n---\nAgate has bands.");
        var made = await member.Json("POST", "/nexus/influence-pack", Query);
        var path = $"/nexus/influence-pack/{made.Ok().GetProperty("pack_id").GetString()}";
        (await member.Text("PUT", $"/nexus/cards/{card}", "card_type: note\n---\nQuartz has none.", ("If-Match", "\"1\""))).Ok();
        (await member.Get(path)).Body.ShouldBe(made.Body);
        (await member.Delete($"/nexus/cards/{card}")).Status.ShouldBe(204);
        (await member.Colleague("viewer").Get(path)).Body.ShouldBe(made.Body);
        (await member.EventTypes()).ShouldBe(["card_created", "pack_created", "card_updated", "card_deleted"]);
    }

    [Theory, Engines]
    public async Task Pack_text_names_source_of_each_card(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Card("card_type: note\ntitle: agate agate\n---\nagate agate");
        var second = await member.Card("card_type: note\n---\nagate in much longer words that say nothing more");
        var id = (await Pack(member, Query)).GetProperty("pack_id").GetString();
        var text = await member.Get($"/nexus/influence-pack/{id}/text");
        text.Status.ShouldBe(200);
        text["Content-Type"].ShouldBe("text/plain; charset=utf-8");
        text.Body.ShouldBe(
            $"[1] Source: card {first}\nagate agate\n\n[2] Source: card {second}\nagate in much longer words that say nothing more\n");
        (await member.Get($"/nexus/influence-pack/{Nexus.Server.Platform.Storage.Id.New()}/text")).Refused(404, "not_found");
    }

    [Theory, Engines]
    public async Task Budget_is_filled_by_score_and_dropped_cards_are_reported(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var best = await member.Card($"card_type: note\ntitle: agate agate agate\n---\nagate agate agate agate {new string('x', 76)}");
        var middle = await member.Card($"card_type: note\n---\nagate agate {new string('y', 488)}");
        var last = await member.Card($"card_type: note\n---\nagate {string.Concat(Enumerable.Repeat("z ", 22))}");

        await Holds("""{"max_cards":1}""", [best], [(middle, "max_cards"), (last, "max_cards")]);
        await Holds("""{"max_chars":200}""", [best, last], [(middle, "max_chars")]);
        await Holds("""{"max_tokens":30}""", [best], [(middle, "max_tokens"), (last, "max_tokens")]);
        await Holds("""{"max_chars":1}""", [], [(best, "max_chars"), (middle, "max_chars"), (last, "max_chars")]);
        await Holds("""{"max_chars":100000,"max_tokens":100000,"max_cards":100}""", [best, middle, last], []);
        await Holds("{}", [best, middle, last], []);

        async Task Holds(string budget, string[] taken, (string Card, string Reason)[] left)
        {
            var pack = await Pack(member, $$"""{"query":{"query_text":"agate"},"budget":{{budget}}}""");
            var excerpts = pack.GetProperty("card_refs")
                .EnumerateArray()
                .ToDictionary(card => card.GetProperty("card_id").GetString()!, card => card.GetProperty("excerpt").GetString()!);
            excerpts.Keys.ShouldBe(taken, ignoreOrder: true, budget);
            var metadata = pack.GetProperty("metadata");
            metadata.GetProperty("dropped")
                .EnumerateArray()
                .Select(card => (card.GetProperty("card_id").GetString()!, card.GetProperty("reason").GetString()!))
                .ShouldBe(left, ignoreOrder: true, budget);
            metadata.GetProperty("result_count").GetInt32().ShouldBe(3);
            var used = metadata.GetProperty("budget_used");
            used.GetProperty("cards").GetInt32().ShouldBe(taken.Length);
            used.GetProperty("chars").GetInt32().ShouldBe(excerpts.Values.Sum(excerpt => excerpt.Length));
            used.GetProperty("tokens").GetInt32().ShouldBe(excerpts.Values.Sum(excerpt => (Encoding.UTF8.GetByteCount(excerpt) + 3) / 4));
        }
    }

    [Theory, Engines]
    public async Task Pack_filters_and_query_filters_are_combined(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await member.Card("card_type: note\narea: a\n---\nagate");
        var both = await member.Card("card_type: memo\narea: a\n---\nagate");
        await member.Card("card_type: memo\narea: b\n---\nagate");
        var pack = await Pack(
            member,
            """{"query":{"query_text":"agate","filters":{"area":"a"}},"filters":{"card_type":"memo","area":"a"}}""");
        pack.GetProperty("card_refs").EnumerateArray().ShouldHaveSingleItem().GetProperty("card_id").GetString().ShouldBe(both);
    }

    [Theory, Engines]
    public async Task Invalid_request_is_rejected_and_changes_nothing(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host);
        await member.Card("card_type: note\n---\nagate");
        var before = await member.State();
        (string Body, string Answer)[] bodies =
        [
            ("""{"query":{"query_text":"x","filters":{"a":1}},"filters":{"a":2}}""", "422 body.invalid"),
            ("""{"query":{"query_text":"x","filters":{"a":1}},"filters":{"a":"1"}}""", "422 body.invalid"),
            ($$$"""{"query":{"query_text":"x"},"filters":{"tenant_id":"{{{other.Tenant}}}"}}""", "400 context.mismatch"),
            ($$"""{"query":{"query_text":"x"},"tenant_id":"{{other.Tenant}}"}""", "400 context.mismatch"),
            ("""{"query":{"query_text":"x"},"budget":{"max_chars":0}}""", "422 body.invalid"),
            ("""{"query":{"query_text":"x"},"budget":{"max_tokens":-1}}""", "422 body.invalid"),
            ("""{"query":{"query_text":"x"},"budget":{"max_cards":1.5}}""", "422 body.invalid"),
            ("""{"query":{"query_text":"x"},"budget":{"max_words":5}}""", "422 body.invalid"),
            ("""{"query":{"query_text":"x","top_k":0}}""", "422 body.invalid"),
            ("""{"query":null}""", "422 body.invalid"),
            ("""{"query":"x"}""", "422 body.invalid"),
            ("{}", "422 body.invalid"),
            ("{", "400 json.malformed"),
            ("", "400 json.malformed"),
        ];
        var wrong = new List<string>();
        foreach (var (body, answer) in bodies)
        {
            if (await member.Json("POST", "/nexus/influence-pack", body) is var reply && reply.ToString() != answer)
            {
                wrong.Add($"{body}: {reply}, not {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await member.Text("POST", "/nexus/influence-pack", Query)).Refused(415, "body.content_type");
        (await member.State()).ShouldBe(before);
    }

    private static async Task<JsonElement> Pack(Caller caller, string body) =>
        (await caller.Json("POST", "/nexus/influence-pack", body)).Ok();
}
