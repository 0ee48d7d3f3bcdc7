using System.Text.Json;

namespace Nexus.Tests.Knowledge.Lineage;

/// <summary><c>/nexus/lineage</c>: sources and derived things, within limits.</summary>
public sealed class LineageRouteTests
{
    [Theory, Engines]
    public async Task Get_requires_auth(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Get("/nexus/lineage/card/x", ("Authorization", null))).Refused(401, "auth.missing");
    }

    [Theory, Engines]
    public async Task Get_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var viewer = Caller.Create(host, "viewer");
        using var other = Caller.Create(host);
        (await viewer.Get("/nexus/lineage/card/x", ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
    }

    [Theory, Engines]
    public async Task Card_graph_shows_sources_and_packs_but_no_siblings(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var source = await member.Card("card_type: source\ntitle: The source\n---\nbasalt");
        var card = await member.Card($"card_type: note\ntitle: The note\nartifact_refs: [{source}, elsewhere]\n---\nobsidian");
        await member.Card($"card_type: note\ntitle: A sibling\nartifact_refs: [{source}]\n---\nobsidian too");
        var pack = await Pack(member, "obsidian");
        var graph = (await member.Colleague("viewer").Get($"/nexus/lineage/card/{card}")).Ok();
        Ids(graph).ShouldBe([card, source, pack]);
        graph.GetProperty("nodes")
            .EnumerateArray()
            .Select(node => node.GetProperty("label").GetString())
            .ShouldBe(["The note", "The source", "obsidian"]);
        graph.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("kind").GetString()).ShouldBe(["card", "card", "pack"]);
        Edges(graph).ShouldBe([$"{source} artifact_ref {card}", $"{card} card_ref {pack}"], ignoreOrder: true);
        graph.GetProperty("truncated").GetBoolean().ShouldBeFalse();
        Ids((await member.Get($"/nexus/lineage/card/{source}?depth=1")).Ok()).Length.ShouldBe(3);
        Ids((await member.Get($"/nexus/lineage/card/{source}")).Ok()).Length.ShouldBe(4);
        Ids((await member.Get($"/nexus/lineage/pack/{pack}")).Ok()).Length.ShouldBe(4);
    }

    [Theory, Engines]
    public async Task Sources_of_earlier_revisions_and_deleted_cards_stay_in_graph(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Card();
        var second = await member.Card();
        var card = await member.Card($"card_type: note\ntitle: Malachite\nartifact_refs: [{first}]\n---\nmalachite");
        var pack = await Pack(member, "malachite");
        (await member.Text(
            "PUT",
            $"/nexus/cards/{card}",
            $"card_type: note\nartifact_refs: [{second}]\n---\nmalachite",
            ("If-Match", "\"1\""))).Ok();
        var changed = (await member.Get($"/nexus/lineage/card/{card}")).Ok();
        Ids(changed).ShouldBe([card, first, second, pack], ignoreOrder: true);
        Edges(changed)
            .ShouldBe(
                [$"{first} earlier_artifact_ref {card}", $"{second} artifact_ref {card}", $"{card} card_ref {pack}"],
                ignoreOrder: true);
        (await member.Text(
            "PUT",
            $"/nexus/cards/{card}",
            $"card_type: note\nartifact_refs: [{first}]\n---\nmalachite",
            ("If-Match", "\"2\""))).Ok();
        Edges((await member.Get($"/nexus/lineage/card/{card}?depth=1")).Ok()).ShouldContain($"{first} artifact_ref {card}");
        (await member.Delete($"/nexus/cards/{card}")).Status.ShouldBe(204);
        var graph = (await member.Get($"/nexus/lineage/pack/{pack}")).Ok();
        Ids(graph).ShouldBe([pack, card, first, second], ignoreOrder: true);
        var gone = graph.GetProperty("nodes").EnumerateArray().Single(node => node.TryGetProperty("erased", out _));
        gone.GetProperty("id").GetString().ShouldBe(card);
        gone.GetProperty("erased").GetBoolean().ShouldBeTrue();
        gone.GetRawText().ShouldNotContain("Malachite");
        Ids((await member.Get($"/nexus/lineage/card/{first}")).Ok()).ShouldBe([first, card, pack]);
    }

    [Theory, Engines]
    public async Task Cycle_terminates(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var one = await member.Card();
        var two = await member.Card($"card_type: note\nartifact_refs: [{one}]\n---\n");
        (await member.Text(
            "PUT",
            $"/nexus/cards/{one}",
            $"card_type: note\nartifact_refs: [{two}, {one}]\n---\n",
            ("If-Match", "\"1\""))).Ok();
        var graph = (await member.Get($"/nexus/lineage/card/{one}")).Ok();
        Ids(graph).ShouldBe([one, two]);
        Edges(graph).Length.ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Graph_is_truncated_at_500_nodes(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var source = await member.Card();
        var lines = string.Concat(Enumerable.Repeat($$"""{"text":"card_type: note\nartifact_refs: [{{source}}]\n---\n"}""" + "\n", 520));
        using var body = new StringContent(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", body)).Status.ShouldBe(200);
        var graph = (await member.Get($"/nexus/lineage/card/{source}")).Ok();
        Ids(graph).Length.ShouldBe(500);
        Edges(graph).Length.ShouldBe(499);
        graph.GetProperty("truncated").GetBoolean().ShouldBeTrue();
    }

    [Theory, Engines]
    public async Task Missing_or_foreign_node_returns_404_and_invalid_depth_422(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        var card = await member.Card();
        var theirs = await stranger.Card($"card_type: note\nartifact_refs: [{card}]\n---\n");
        Ids((await stranger.Get($"/nexus/lineage/card/{theirs}")).Ok()).ShouldBe([theirs]);
        Ids((await member.Get($"/nexus/lineage/card/{card}")).Ok()).ShouldBe([card]);
        (await stranger.Get($"/nexus/lineage/card/{card}")).Refused(404, "not_found");
        (await elsewhere.Get($"/nexus/lineage/card/{card}")).Refused(404, "not_found");
        (await member.Get($"/nexus/lineage/pack/{card}")).Refused(404, "not_found");
        (await member.Get($"/nexus/lineage/rock/{card}")).Refused(404, "not_found");
        (await member.Get($"/nexus/lineage/card/{card}?depth=0")).Refused(422, "depth.invalid");
        (await member.Get($"/nexus/lineage/card/{card}?depth=9")).Refused(422, "depth.invalid");
    }

    internal static async Task<string> Pack(Caller member, string text) =>
        (await member.Json("POST", "/nexus/influence-pack", $$$"""{"query":{"query_text":"{{{text}}}"}}""")).Ok()
            .GetProperty("pack_id")
            .GetString()!;

    internal static string[] Ids(JsonElement graph) =>
        [.. graph.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!)];

    internal static string[] Edges(JsonElement graph) =>
        [.. graph.GetProperty("edges")
            .EnumerateArray()
            .Select(
                edge =>
                    $"{edge.GetProperty("from").GetString()} {edge.GetProperty("how").GetString()} {edge.GetProperty("to").GetString()}")];
}
