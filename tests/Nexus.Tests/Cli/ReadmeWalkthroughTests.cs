using System.Text.Json;

using static Nexus.Tests.Cli.EndToEndTests;

namespace Nexus.Tests.Cli;

/// <summary>The README's walk from a document to a prompt and back, as it is typed there.</summary>
public sealed class ReadmeWalkthroughTests
{
    private static readonly string _handbook = Path.Combine(AppContext.BaseDirectory, "incident-handbook.markdown");

    [Theory, Engines]
    public async Task Lineage_traces_pack_back_to_source_document(string engine)
    {
        using var command = await SignedInAsync(engine);
        var asset = Json(await command.RunAsync("asset", "put", _handbook));
        asset.GetProperty("content_type").GetString().ShouldBe("text/markdown");
        asset.GetProperty("size_bytes").GetInt64().ShouldBe(new FileInfo(_handbook).Length);
        var raw = Id(asset, "asset_id");

        var atom = Id(Json(await command.RunAsync("atom", "create", raw, "markdown_sections")), "atom_id");
        var parts = Json(await command.RunAsync("atom", "list", "--atom", atom)).EnumerateArray().ToArray();
        parts.Select(part => part.GetProperty("metadata").GetProperty("title").GetString()).ShouldBe(
            ["Incident handbook", "What counts as an incident", "First ten minutes", "Who to call", "While it lasts", "Afterwards"]);
        var (first, who) = (Id(parts[2], "atom_id"), Id(parts[3], "atom_id"));
        (await command.RunAsync("atom", "get", who, "--text")).Out.ShouldStartWith("## Who to call\n");

        command.Write(
            "call.md",
            $"---\ncard_type: runbook\ntitle: Who to call at night\nartifact_refs: [{first}, {who}]\n---\nStop the agents with the "
            + $"tenant's kill switch, then call the tenant's owner.\n");
        var card = Id(Json(await command.RunAsync("card", "add", Path.Combine(command.Folder, "call.md"))), "card_id");
        var pack = Json(await command.RunAsync("pack", "whom do I call", "--max-cards", "1"));
        pack.GetProperty("card_refs")[0].GetProperty("artifact_refs")
            .EnumerateArray()
            .Select(reference => reference.GetString())
            .ShouldBe([first, who]);

        var graph = Json(await command.RunAsync("lineage", "pack", Id(pack, "pack_id")));
        graph.GetProperty("nodes")
            .EnumerateArray()
            .Select(node => $"{node.GetProperty("kind").GetString()} {node.GetProperty("id").GetString()}")
            .ShouldBe(
                [$"pack {Id(pack, "pack_id")}", $"card {card}", $"atom {first}", $"atom {who}", $"atom {atom}", $"raw {raw}"],
                ignoreOrder: true);
        graph.GetProperty("truncated").GetBoolean().ShouldBeFalse();
        Json(await command.RunAsync("lineage", "raw", raw, "--depth", "2")).GetProperty("edges").GetArrayLength().ShouldBe(7);

        var tree = (await command.RunAsync("lineage", "card", card, "-o", "table")).Out;
        string[] refs = [first, who];
        Array.Sort(refs, StringComparer.Ordinal);
        string[] lines =
        [
            "card " + card, "made of",
            $"atom {refs[0]}", $"atom {atom}  markdown_sections  (part)", $"raw {raw}  incident-handbook.markdown  (markdown_sections)",
            $"atom {refs[1]}", $"atom {atom}  markdown_sections  (part) …",
            "used in", $"pack {Id(pack, "pack_id")}",
        ];
        var at = 0;
        foreach (var line in lines)
        {
            at = tree.IndexOf(line, at, StringComparison.Ordinal);
            at.ShouldBeGreaterThanOrEqualTo(0, $"{line} in\n{tree}");
        }

        (await command.RunAsync("asset", "delete", raw)).Exit.ShouldBe(0);
        (await command.RunAsync("lineage", "card", card, "-o", "table")).Out.ShouldContain(
            $"raw {raw}  file, deleted  (markdown_sections)");
    }

    [Theory, Engines]
    public async Task Lineage_of_unknown_id_exits_4_and_of_unknown_kind_exits_2(string engine)
    {
        using var command = await SignedInAsync(engine);
        var missing = await command.RunAsync("lineage", "card", Nexus.Server.Platform.Storage.Id.New());
        (missing.Exit, missing.Out).ShouldBe((4, ""), missing.Error);
        missing.Error.ShouldStartWith("nexus: not_found");
        (await command.RunAsync("lineage", "rock", "x")).Exit.ShouldBe(2);
        (await command.RunAsync("lineage", "card", "x", "--depth", "9")).Exit.ShouldBe(2);
    }

    private static string Id(JsonElement made, string name) => made.GetProperty(name).GetString()!;
}
