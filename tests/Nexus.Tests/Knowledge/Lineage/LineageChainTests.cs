using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;
using Nexus.Tests.Knowledge.RawAssets;



using static Nexus.Tests.Knowledge.Lineage.LineageRouteTests;

namespace Nexus.Tests.Knowledge.Lineage;

/// <summary>Lineage of a document: raw asset, atoms, card, pack.</summary>
public sealed class LineageChainTests
{
    [Theory, Engines]
    public async Task Document_leads_to_atoms_cards_and_packs_and_back(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var chain = await Chain.CreateAsync(member, "feldspar");
        var (atom, parts, card, pack) = (chain.Atom, chain.Parts, chain.Card, chain.Pack);
        string[] line =
        [
            $"{chain.Raw} markdown_sections {atom}", $"{atom} part {parts[1]}", $"{parts[1]} artifact_ref {card}",
            $"{card} card_ref {pack}",
        ];
        string[] all = [.. line, $"{atom} part {parts[0]}", $"{atom} part {parts[2]}"];

        var down = await Graph(member, "raw", chain.Raw);
        Ids(down).ShouldBe([chain.Raw, atom, parts[1], card, pack, parts[0], parts[2]]);
        Edges(down).ShouldBe(all, ignoreOrder: true);
        Edges(await Graph(member, "atom", atom)).ShouldBe(all, ignoreOrder: true);
        foreach (var (kind, id) in new[] { ("atom", parts[1]), ("card", card), ("pack", pack) })
        {
            Edges(await Graph(member, kind, id)).ShouldBe(line, ignoreOrder: true);
        }

        Edges(await Graph(member, "atom", parts[0])).ShouldBe([line[0], all[4]], ignoreOrder: true);
        var nodes = down.GetProperty("nodes").EnumerateArray().ToArray();
        nodes.Select(node => $"{node.GetProperty("kind").GetString()} {node.GetProperty("label").GetString()}").ShouldBe(
        [
            "raw incident.md", "atom markdown_sections", "atom markdown_sections 2: During", "card The feldspar", "pack feldspar",
            "atom markdown_sections 1: Before", "atom markdown_sections 3: After",
        ]);
        nodes.Select(node => node.GetProperty("created_at").GetDateTimeOffset()).Take(5).ShouldBeInOrder(SortDirection.Ascending);
        down.GetRawText().ShouldNotContain("erased");
    }

    [Theory, Engines]
    public async Task Depth_limits_steps_in_each_direction(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var chain = await Chain.CreateAsync(member, "gypsum");
        Ids(await Graph(member, "raw", chain.Raw, "?depth=1")).ShouldBe([chain.Raw, chain.Atom]);
        Ids(await Graph(member, "atom", chain.Parts[1], "?depth=1")).ShouldBe([chain.Parts[1], chain.Atom, chain.Card], ignoreOrder: true);
        Ids(await Graph(member, "pack", chain.Pack, "?depth=2")).ShouldBe([chain.Pack, chain.Card, chain.Parts[1]]);
        Ids(await Graph(member, "raw", chain.Raw, "?depth=4")).Length.ShouldBe(7);
    }

    [Theory, Engines]
    public async Task Deleted_asset_stays_in_graph_without_name(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        var chain = await Chain.CreateAsync(member, "haematite");
        var before = (await Graph(member, "pack", chain.Pack)).GetProperty("nodes")
            .EnumerateArray()
            .Single(node => node.GetProperty("kind").GetString() == "raw");
        (await member.Delete("/nexus/raw/" + chain.Raw)).Status.ShouldBe(204);
        var graph = await Graph(member, "pack", chain.Pack);
        Ids(graph).ShouldBe([chain.Pack, chain.Card, chain.Parts[1], chain.Atom, chain.Raw]);
        var gone = graph.GetProperty("nodes")[4];
        gone.GetProperty("erased").GetBoolean().ShouldBeTrue();
        gone.GetProperty("created_at").GetString().ShouldBe(before.GetProperty("created_at").GetString());
        gone.GetRawText().ShouldNotContain("incident");
        Ids(await Graph(member, "raw", chain.Raw)).Length.ShouldBe(7);
    }

    [Theory, Engines]
    public async Task Truncated_graph_shows_linked_parts_first(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var raw = await member.Asset(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 700).Select(n => $"# {n}\ntext\n"))),
            "long.md",
            "text/markdown");
        var (atom, parts) = await Chain.Atoms(member, raw, "markdown_sections");
        var card = await member.Card($"card_type: note\nartifact_refs: [{parts[650]}, {parts[699]}]\n---\njasper");
        var pack = await Pack(member, "jasper");
        var graph = await Graph(member, "raw", raw);
        Ids(graph).Take(6).ShouldBe([raw, atom, parts[650], parts[699], card, pack]);
        Ids(graph).Skip(6).ShouldBe(parts.Take(494));
        Edges(graph).Length.ShouldBe(500);
        graph.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        Ids(await Graph(member, "pack", pack)).Length.ShouldBe(6);
    }

    [Theory, Engines]
    public async Task Card_can_reference_assets_and_atoms_and_missing_ones_are_hidden(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await Chain.CreateAsync(member, "kaolin");
        var raw = await member.Asset();
        var atom =
            (await member.Json("POST", $"/nexus/atoms/create-from-raw?raw_asset_id={raw}&op_type=text_identity", "{}")).Ok()
                .GetProperty("atom_id")
                .GetString()!;
        var unmade = "atm_" + new string('0', 64);
        var card = await member.Card(
            $"card_type: note\nartifact_refs: [{first.Raw}, {atom}, {unmade}, {Nexus.Server.Platform.Storage.Id.New()}]\n---\n");
        Edges(await Graph(member, "card", card))
            .ShouldBe(
                [$"{first.Raw} artifact_ref {card}", $"{atom} artifact_ref {card}", $"{raw} text_identity {atom}"],
                ignoreOrder: true);
        Ids(await Graph(member, "raw", first.Raw)).ShouldContain(card);
    }

    [Theory, Engines]
    public async Task Only_well_formed_ids_are_linked(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        var id = Nexus.Server.Platform.Storage.Id.New();
        var card = await member.Card(
            $"card_type: note\nartifact_refs: [A letter of Ada's, {id}x, {id.ToUpperInvariant()}, atm_0, "
            + $"ATM_{new string('0', 64)}]\n---\n");
        var links = await host.Services.GetRequiredService<Database>().ReadAsync(
            new Scope(member.Tenant, member.Env),
            session => session.FirstOrDefaultAsync<long>("select count(*) from lineage_links where to_id = @card", new { card }),
            TestContext.Current.CancellationToken);
        links.ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Chain_of_other_tenant_or_env_is_invisible(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host, "admin");
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        var chain = await Chain.CreateAsync(member, "limestone");
        foreach (var other in new[] { stranger, elsewhere })
        {
            var card = await other.Card(
                $"card_type: note\nartifact_refs: [{chain.Raw}, {chain.Atom}, {chain.Parts[1]}, {chain.Card}, {chain.Pack}]\n---\n");
            await NothingAsync(other, card);
        }

        (await member.Delete("/nexus/raw/" + chain.Raw)).Status.ShouldBe(204);
        await NothingAsync(stranger, await stranger.Card($"card_type: note\nartifact_refs: [{chain.Raw}]\n---\n"));
        Ids(await Graph(member, "raw", chain.Raw)).Length.ShouldBe(7);

        async Task NothingAsync(Caller other, string card)
        {
            Ids(await Graph(other, "card", card)).ShouldBe([card]);
            foreach (var (kind, id) in new[]
            {
                ("raw", chain.Raw),
                ("atom", chain.Atom),
                ("atom", chain.Parts[1]),
                ("card", chain.Card),
                ("pack", chain.Pack),
            })
            {
                (await other.Get($"/nexus/lineage/{kind}/{id}")).Refused(404, "not_found");
            }
        }
    }

    [Theory, Engines]
    public async Task Missing_node_or_wrong_kind_returns_404(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var chain = await Chain.CreateAsync(member, "marble");
        var onlyPresigned = (await member.Presign()).AssetId;
        foreach (var (kind, id) in new[]
        {
            ("raw", onlyPresigned), (
                "raw",
                chain.Atom), (
                    "raw",
                    chain.Card), (
                        "atom",
                        chain.Raw), ("atom", "atm_" + new string('f', 64)), ("card", chain.Raw), ("pack", chain.Card), ("pack", "x"),
            ("raw_asset", chain.Raw), ("Raw", chain.Raw),
        })
        {
            (await member.Get($"/nexus/lineage/{kind}/{id}")).Refused(404, "not_found");
        }
    }

    private static async Task<JsonElement> Graph(Caller caller, string kind, string id, string query = "") =>
        (await caller.Get($"/nexus/lineage/{kind}/{id}{query}")).Ok();
}
