using System.Text;
using System.Text.Json;
using Nexus.Tests.Knowledge.RawAssets;
using Nexus.Tests.Platform.Storage.Blobs;


namespace Nexus.Tests.Knowledge.Atoms;

/// <summary>Atoms over the wire.</summary>
public sealed class AtomRouteTests
{
    private const string Text = "# One\nFirst.\n\n# Two\nSecond.\n";

    [Theory, Engines]
    public async Task Create_atom_requires_auth(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host);
        (await caller.Send("POST", "/nexus/atoms/create-from-raw?raw_asset_id=x&op_type=identity", null, ("Authorization", null))).Refused(
            401,
            "auth.missing");
    }

    [Theory, Engines]
    public async Task Create_atom_by_viewer_or_other_tenant_is_rejected(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host);
        var asset = await AssetAsync(caller, Text);
        using var viewer = caller.Colleague("viewer");
        (await Create(viewer, asset, "identity")).Refused(403, "auth.role");
        using var stranger = Caller.Create(host);
        (await caller.Get("/nexus/atoms", ("X-Tenant-Id", stranger.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await Create(stranger, asset, "identity")).Refused(404, "not_found");
        var atom = (await Create(caller, asset, "identity")).Ok().GetProperty("atom_id").GetString();
        (await stranger.Get("/nexus/atoms/" + atom)).Refused(404, "not_found");
        (await viewer.Get("/nexus/atoms/" + atom)).Ok();
        (await stranger.Get("/nexus/atoms")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BlobStores]
    public async Task Repeated_request_returns_same_atom_and_writes_nothing(string engine, string blobs)
    {
        var host = (await BlobHost.SharedAsync(engine, blobs)).Server;
        using var caller = Caller.Create(host);
        var asset = await AssetAsync(caller, Text);
        var made = (await Create(caller, asset, "markdown_sections")).Ok();
        var children = made.GetProperty("metadata").GetProperty("child_atom_ids").EnumerateArray().Select(id => id.GetString()!).ToArray();
        children.Length.ShouldBe(2);
        (await caller.EventTypes()).Count(type => type == "atom_created").ShouldBe(1);
        var state = await caller.State();
        using var colleague = caller.Colleague("admin");
        var again = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Create(colleague, asset, "markdown_sections", """{"params":{"max_level":6}}""")));
        again.ShouldAllBe(reply => reply.Ok().GetRawText() == made.GetRawText());
        (await caller.State()).ShouldBe(state);
        var child = (await caller.Get("/nexus/atoms/" + children[1])).Ok();
        child.GetProperty("content").GetString().ShouldBe("# Two\nSecond.");
        var said = child.GetProperty("metadata");
        (said.GetProperty("start").GetInt32(), said.GetProperty("end").GetInt32(), said.GetProperty("part").GetInt32()).ShouldBe(
            (14, 27, 2));
        said.GetProperty("parent_atom_id").GetString().ShouldBe(made.GetProperty("atom_id").GetString());
        (await Create(caller, asset, "markdown_sections", """{"params":{"max_level":1}}""")).Ok()
            .GetProperty("atom_id")
            .GetString()
            .ShouldNotBe(made.GetProperty("atom_id").GetString());
    }

    [Theory, Engines]
    public async Task Concurrent_identical_requests_create_one_atom(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host);
        var asset = await AssetAsync(caller, Text);
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Create(caller, asset, "text_split")));
        replies.Select(reply => reply.Ok().GetRawText()).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        (await caller.EventTypes()).Count(type => type == "atom_created").ShouldBe(1);
    }

    [Theory, Engines]
    public async Task List_pages_through_atoms_and_their_parts(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host);
        var (asset, other) = (await AssetAsync(caller, Text), await AssetAsync(caller, "other"));
        (await Create(caller, asset, "markdown_sections")).Ok();
        (await Create(caller, asset, "text_identity")).Ok().GetProperty("content").GetString().ShouldBe(Text);
        (await Create(caller, other, "identity")).Ok().GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = (await caller.Get($"/nexus/atoms?parent_asset_id={asset}&limit=1{cursor}")).Ok();
            seen.AddRange(
                page.GetProperty("items")
                    .EnumerateArray()
                    .Select(
                        atom =>
                            $"{atom.GetProperty("op_type")} {(atom.GetProperty("metadata").TryGetProperty("part", out var part) ? part.GetInt32() : 0)}"));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? "&cursor=" + next : "";
        }
        while (cursor.Length > 0);
        seen.ShouldBe(["text_identity 0", "markdown_sections 0", "markdown_sections 1", "markdown_sections 2"]);
        (await caller.Get("/nexus/atoms?op_type=identity")).Ok().GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Theory, BlobStores]
    public async Task Invalid_requests_are_rejected_and_change_nothing(string engine, string blobs)
    {
        var host = (await BlobHost.SharedAsync(engine, blobs)).Server;
        using var caller = Caller.Create(host);
        var asset = await AssetAsync(caller, "caf\u00e9", Encoding.Latin1);
        var bomb = await caller.Asset(
            DocxTextOpTests.ZipBomb(),
            "a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        var state = await caller.State();
        (await Create(caller, asset, "text_identity")).Refused(422, "atom.unreadable");
        (await Create(caller, bomb, "docx_text")).Refused(422, "atom.unreadable").Json.GetProperty("detail").GetString()!.ShouldContain(
            "too large");
        (await Create(caller, asset, "docx_text")).Refused(422, "atom.unreadable");
        (await Create(caller, asset, "text_join")).Refused(422, "atom.op_unknown");
        (await Create(caller, asset, "text_split", """{"params":{"max_chars":"many"}}""")).Refused(422, "atom.params");
        (await Create(caller, asset, "text_split", """{"params":[]}""")).Refused(422, "atom.params");
        (await Create(caller, asset, "text_split", """{"parameters":{}}""")).Refused(422, "body.invalid");
        (await Create(caller, asset, "text_split", "{")).Refused(400, "json.malformed");
        (await caller.Text("POST", $"/nexus/atoms/create-from-raw?raw_asset_id={asset}&op_type=identity", "x")).Refused(
            415,
            "body.content_type");
        (await Create(caller, Nexus.Server.Platform.Storage.Id.New(), "identity")).Refused(404, "not_found");
        (await caller.Send("POST", "/nexus/atoms/create-from-raw")).Status.ShouldBe(400);
        (await caller.Get("/nexus/atoms?limit=0")).Refused(422, "limit.invalid");
        (await caller.Get("/nexus/atoms?limit=101")).Refused(422, "limit.invalid");
        (await caller.State()).ShouldBe(state);
    }

    [Theory, Engines]
    public async Task Atom_survives_deletion_of_its_asset_and_reports_it(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host, "admin");
        var asset = await AssetAsync(caller, Text);
        var atom = (await Create(caller, asset, "text_identity")).Ok();
        atom.GetProperty("metadata").GetProperty("source_deleted").GetBoolean().ShouldBeFalse();
        (await caller.Delete("/nexus/raw/" + asset)).Status.ShouldBe(204);
        (await caller.Get("/nexus/atoms/" + atom.GetProperty("atom_id").GetString())).Ok()
            .GetProperty("metadata")
            .GetProperty("source_deleted")
            .GetBoolean()
            .ShouldBeTrue();
        (await Create(caller, asset, "text_identity")).Refused(404, "not_found");
    }

    [Theory, Engines]
    public async Task Retry_with_same_idempotency_key_returns_first_response(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host, "admin");
        var asset = await AssetAsync(caller, Text);
        var path = $"/nexus/atoms/create-from-raw?raw_asset_id={asset}&op_type=text_split";
        var first = (await caller.Json("POST", path, "{}", ("Idempotency-Key", "a"))).Ok();
        (await caller.Delete("/nexus/raw/" + asset)).Status.ShouldBe(204);
        (await caller.Json("POST", path, "{}", ("Idempotency-Key", "a"))).Ok().GetRawText().ShouldBe(first.GetRawText());
    }

    [Theory, Engines]
    public async Task Atom_content_counts_toward_storage_quota(string engine)
    {
        var host = await NexusHost.SharedAsync(
            engine,
            "small quota for atoms",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Quotas:StorageBytes"] = "60000" });
        using var caller = Caller.Create(host);
        var asset = await AssetAsync(caller, new string('a', 30_000));
        (await Create(caller, asset, "text_identity")).Refused(403, "quota.exceeded");
        (await caller.Get("/nexus/atoms")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Ops_endpoint_lists_ops_and_their_params(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var caller = Caller.Create(host, "viewer");
        var ops = (await caller.Get("/nexus/atoms/ops")).Ok().GetProperty("items");
        ops.EnumerateArray().Select(op => op.GetProperty("name").GetString()).ShouldBe(
            ["csv_rows", "docx_text", "html_text", "identity", "json_records", "markdown_sections", "text_identity", "text_split"]);
        var most = ops.EnumerateArray()
            .Last()
            .GetProperty("params")
            .EnumerateArray()
            .Single(param => param.GetProperty("name").GetString() == "max_chars");
        (most.GetProperty("type").GetString(), most.GetProperty("default").GetInt32(), most.GetProperty("minimum").GetInt32()).ShouldBe(
            ("integer", 2000, 200));
    }

    private static Task<Reply> Create(Caller caller, string asset, string op, string? body = null)
    {
        var path = $"/nexus/atoms/create-from-raw?raw_asset_id={asset}&op_type={op}";
        return body is null ? caller.Send("POST", path) : caller.Json("POST", path, body);
    }

    private static Task<string> AssetAsync(Caller caller, string text, Encoding? encoding = null) =>
        caller.Asset((encoding ?? Encoding.UTF8).GetBytes(text), "a.md", "text/markdown");
}
