namespace Nexus.Tests.Agents.Maybes;

/// <summary><c>GET /maybes/items</c>: filters, order and paging.</summary>
public sealed class MaybeListTests
{
    [Theory, Engines]
    public async Task Items_are_ordered_by_creation_newest_first(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Add("""{"title":"1"}""");
        await member.Add("""{"title":"2"}""");
        await member.Add("""{"title":"3"}""");
        await member.Change(first, """{"pinned":true}""");
        (await member.Titles()).ShouldBe(["3", "2", "1"]);
    }

    [Theory, Engines]
    public async Task Limit_and_offset_page_the_list(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        for (var at = 0; at < 55; at++)
        {
            await member.Add($$"""{"title":"{{at}}"}""");
        }

        string[] all = [.. Enumerable.Range(0, 55).Reverse().Select(at => $"{at}")];
        (await member.Titles()).ShouldBe(all[..50]);
        (await member.Titles("?limit=500")).ShouldBe(all);
        (await member.Titles("?limit=1&offset=54")).ShouldBe(["0"]);
        (await member.Titles("?limit=20&offset=50")).ShouldBe(all[50..]);
        (await member.Titles("?offset=55")).ShouldBeEmpty();
        (await member.Titles($"?offset={long.MaxValue}")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task All_given_filters_must_match(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await member.Add("""{"title":"1","space":"a","tags":["x","y"],"pinned":true}""");
        await member.Add("""{"title":"2","space":"a","tags":["y z"],"archived":true}""");
        await member.Add("""{"title":"3","space":"b","tags":["z"]}""");
        await member.Add("""{"title":"4","space":"A"}""");
        (await member.Titles("?space=a")).ShouldBe(["2", "1"]);
        (await member.Titles("?tags_any=y")).ShouldBe(["1"]);
        (await member.Titles("?tags_any=y%20z")).ShouldBe(["2"]);
        (await member.Titles("?tags_any=x,z,nothing")).ShouldBe(["3", "1"]);
        (await member.Titles("?tags_any=X")).ShouldBeEmpty();
        (await member.Titles("?tags_any=%25")).ShouldBeEmpty();
        (await member.Titles("?pinned_only=true")).ShouldBe(["1"]);
        (await member.Titles("?pinned_only=false")).ShouldBe(["4", "3", "2", "1"]);
        (await member.Titles("?archived=true")).ShouldBe(["2"]);
        (await member.Titles("?archived=false")).ShouldBe(["4", "3", "1"]);
        (await member.Titles("?space=a&tags_any=x,z&pinned_only=true&archived=false&search_text=TEXT")).ShouldBe(["1"]);
        (await member.Titles("?space=&user_id=&tags_any=&search_text=&limit=50&offset=0")).ShouldBe(["4", "3", "2", "1"]);
    }

    [Theory, Engines]
    public async Task Search_matches_title_and_body_ignoring_case_and_wildcards(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        await member.Add("""{"title":"100% sure","body":"a_b"}""");
        await member.Add("""{"title":"100 per cent","body":"axb"}""");
        await member.Add("""{"title":"ÜBER","body":"what!_\\ is' this"}""");
        await member.Add("""{"title":"last","body":"überall\nΣΊΣΥΦΟΣ"}""");
        (await Find("100%")).ShouldBe(["100% sure"]);
        (await Find("%")).ShouldBe(["100% sure"]);
        (await Find("a_b")).ShouldBe(["100% sure"]);
        (await Find("_")).ShouldBe(["ÜBER", "100% sure"]);
        (await Find("!")).ShouldBe(["ÜBER"]);
        (await Find("!_")).ShouldBe(["ÜBER"]);
        (await Find("\\")).ShouldBe(["ÜBER"]);
        (await Find("is' this")).ShouldBe(["ÜBER"]);
        (await Find("über")).ShouldBe(["last", "ÜBER"]);
        (await Find("Überall")).ShouldBe(["last"]);
        (await Find("σίσυφ")).ShouldBe(["last"]);
        (await Find("A_B")).ShouldBe(["100% sure"]);
        (await Find("100")).ShouldBe(["100 per cent", "100% sure"]);
        (await Find("nothing")).ShouldBeEmpty();

        Task<string[]> Find(string text) => member.Titles("?search_text=" + Uri.EscapeDataString(text));
    }

    [Theory, Engines]
    public async Task Changed_item_is_found_by_new_text_and_tags_only(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Add("""{"body":"before","tags":["before"]}""");
        await member.Change(id, """{"body":"After","tags":["after"]}""");
        (await member.Titles("?search_text=before")).ShouldBeEmpty();
        (await member.Titles("?tags_any=before")).ShouldBeEmpty();
        (await member.Titles("?search_text=after&tags_any=after")).ShouldBe(["one"]);
    }

    [Theory, Engines]
    public async Task Page_of_large_items_is_shorter_and_rest_follows(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var body = $$"""{"body":"{{new string('x', 256 << 10)}}"}""";
        for (var at = 0; at < 65; at++)
        {
            await member.Add(body);
        }

        (await member.Titles()).Length.ShouldBe(50);
        var first = (await member.Titles("?limit=500")).Length;
        first.ShouldBeInRange(50, 64);
        (await member.Titles($"?limit=500&offset={first}")).Length.ShouldBe(65 - first);
    }

    [Theory, Engines]
    public async Task Invalid_query_is_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (string Query, string Answer)[] queries =
        [
            ("limit=0", "422 limit.invalid"), ("limit=501", "422 limit.invalid"), ("limit=-1", "422 limit.invalid"),
            ("limit=x", "400 request.malformed"), ("limit=99999999999", "400 request.malformed"),
            ("offset=-1", "422 offset.invalid"), ("offset=x", "400 request.malformed"), ("offset=1.5", "400 request.malformed"),
            ("offset=9223372036854775808", "400 request.malformed"),
            ("pinned_only=2", "400 request.malformed"), ("archived=maybe", "400 request.malformed"), ("archived=", "400 request.malformed"),
            ("search_text=a%00b", "400 request.malformed"),
            ("search_text=" + new string('x', 201), "422 search_text.invalid"),
            ("tags_any=" + new string('x', 101), "422 tags_any.invalid"),
            ("tags_any=a%0Ab", "422 tags_any.invalid"), ("tags_any=" + string.Join(',', Enumerable.Range(0, 21)), "422 tags_any.invalid"),
            ("user_id=u_somebody", "403 auth.role"), ("tenant_id=t_other", "400 context.mismatch"), ("env=dev", "400 context.mismatch"),
        ];
        var wrong = new List<string>();
        foreach (var (query, answer) in queries)
        {
            if (await member.Get($"{Maybe.Items}?{query}") is var reply && reply.ToString() != answer)
            {
                wrong.Add($"{query}: {reply}, not {answer}");
            }
        }

        wrong.ShouldBeEmpty();
        (await member.EventTypes()).ShouldBeEmpty();
    }
}
