using System.Text;
using Nexus.Tests.Platform.Storage.Blobs;

namespace Nexus.Tests.Knowledge.RawAssets;

/// <summary><c>/nexus/raw</c>: upload, registration and download.</summary>
public sealed class RawAssetRouteTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, BlobStores]
    public async Task Presign_requires_auth(string engine, string blobs)
    {
        using var member = Caller.Create((await BlobHost.SharedAsync(engine, blobs)).Server);
        (await member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", null, null), ("Authorization", null))).Refused(
            401,
            "auth.missing");
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, BlobStores]
    public async Task Presign_requires_tenant_context(string engine, string blobs)
    {
        var host = await BlobHost.SharedAsync(engine, blobs);
        using var member = Caller.Create(host.Server);
        using var other = Caller.Create(host.Server);
        (await member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", null, null), ("X-Env", null))).Refused(
            400,
            "context.missing");
        (await member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", null, null), ("X-Tenant-Id", other.Tenant))).Refused(
            403,
            "auth.tenant_mismatch");
        (await member.Json("POST", "/nexus/raw/presign-upload", $$"""{"filename":"a","tenant_id":"{{other.Tenant}}"}""")).Refused(
            400,
            "context.mismatch");
        using var viewer = member.Colleague("viewer");
        (await viewer.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", null, null))).Refused(403, "auth.role");
        (await member.EventTypes()).ShouldBeEmpty();
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, BlobStores]
    public async Task Asset_can_be_uploaded_registered_listed_read_and_deleted(string engine, string blobs)
    {
        var host = await BlobHost.SharedAsync(engine, blobs);
        using var member = Caller.Create(host.Server);
        var form = await member.Presign();
        form["key"].ShouldBe($"staging/{member.Tenant}/prod/{form.AssetId}");
        form["Content-Type"].ShouldBe("text/plain");
        (await member.Register(form.AssetId)).Refused(404, "raw.not_uploaded");
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        (await member.Get($"/nexus/raw/{form.AssetId}")).Refused(404, "not_found");
        var made = await member.Register(
            form.AssetId,
            more: $$""","sha256":"{{Raw.Sha(Raw.Bytes).ToUpperInvariant()}}","size_bytes":{{Raw.Bytes.Length}},"metadata":{"b":1,"a":[true]},"subject_id":"u_jo" """);
        var asset = made.Ok();
        asset.EnumerateObject().Select(field => field.Name).ShouldBe(
            ["asset_id", "tenant_id", "env", "uri", "filename", "sha256", "size_bytes", "content_type", "metadata", "subject_id", "created_at", "created_by"]);
        asset.GetProperty("sha256").GetString().ShouldBe(Raw.Sha(Raw.Bytes));
        asset.GetProperty("content_type").GetString().ShouldBe("text/plain");
        asset.GetProperty("metadata").GetRawText().ShouldBe("""{"a":[true],"b":1}""");
        asset.GetProperty("uri").GetString()!.ShouldEndWith($"/tenants/{member.Tenant}/prod/raw/{form.AssetId}/agate.txt");
        (await member.Get($"/nexus/raw/{form.AssetId}")).Body.ShouldBe(made.Body);
        (await member.Get("/nexus/raw?content_type=text/plain")).Ok()
            .GetProperty("items")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetRawText()
            .ShouldBe(made.Body);
        (await member.Get("/nexus/raw?content_type=text/html")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);

        host.Keys(member.Tenant).Keys.ShouldBe([$"tenants/{member.Tenant}/prod/raw/{form.AssetId}/agate.txt"]);
        (await member.Delete($"/nexus/raw/{form.AssetId}")).Refused(403, "auth.role");
        using var admin = member.Colleague("admin");
        (await admin.Delete($"/nexus/raw/{form.AssetId}")).Status.ShouldBe(204);
        (await admin.Delete($"/nexus/raw/{form.AssetId}")).Refused(404, "not_found");
        (await member.Get($"/nexus/raw/{form.AssetId}/content")).Refused(404, "not_found");
        (await member.Register(form.AssetId)).Refused(404, "not_found");
        host.Keys(member.Tenant).ShouldBeEmpty();
        (await member.EventTypes()).ShouldBe(["raw_asset_presigned", "raw_asset_registered", "raw_asset_deleted"]);
    }

    [Theory, BlobStores]
    public async Task Content_is_served_as_attachment_with_ranges_and_strong_ETag(string engine, string blobs)
    {
        using var member = Caller.Create((await BlobHost.SharedAsync(engine, blobs)).Server);
        var id = await member.Asset(filename: "Prüf \"1\".html", type: "text/html");
        var path = $"/nexus/raw/{id}/content";
        var tag = $"\"{Raw.Sha(Raw.Bytes)}\"";
        var whole = await member.Get(path);
        whole.Status.ShouldBe(200);
        whole.Body.ShouldBe(Encoding.UTF8.GetString(Raw.Bytes));
        whole["ETag"].ShouldBe(tag);
        whole["X-Content-Type-Options"].ShouldBe("nosniff");
        whole["Content-Disposition"]!.ShouldStartWith("attachment;");
        whole["Content-Disposition"]!.ShouldContain("filename*=UTF-8''Pr%C3%BCf%20%221%22.html");
        var part = await member.Get(path, ("Range", "bytes=4-8"));
        (part.Status, part.Body, part["Content-Range"]).ShouldBe((206, "agate", $"bytes 4-8/{Raw.Bytes.Length}"));
        (await member.Get(path, ("Range", "bytes=-7"))).Body.ShouldBe(" bands.\n"[1..]);
        (await member.Get(path, ("Range", "bytes=4-8"), ("If-Range", tag))).Status.ShouldBe(206);
        (await member.Get(path, ("Range", "bytes=4-8"), ("If-Range", "\"other\""))).Status.ShouldBe(200);
        (await member.Get(path, ("Range", "bytes=900-"))).Status.ShouldBe(416);
        (await member.Get(path, ("If-None-Match", tag))).Status.ShouldBe(304);
    }

    [Theory, BlobStores]
    public async Task Other_tenant_cannot_see_asset_or_register_its_upload(string engine, string blobs)
    {
        var host = await BlobHost.SharedAsync(engine, blobs);
        using var member = Caller.Create(host.Server);
        using var stranger = Caller.Create(host.Server, "owner");
        var form = await member.Presign();
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        (await stranger.Register(form.AssetId)).Refused(404, "not_found");
        using var elsewhere = member.Colleague("member", "dev");
        (await elsewhere.Register(form.AssetId)).Refused(404, "not_found");
        (await member.Register(form.AssetId)).Ok();
        (await stranger.Get($"/nexus/raw/{form.AssetId}")).Refused(404, "not_found");
        (await stranger.Get($"/nexus/raw/{form.AssetId}/content")).Refused(404, "not_found");
        (await stranger.Delete($"/nexus/raw/{form.AssetId}")).Refused(404, "not_found");
        (await stranger.Get("/nexus/raw")).Ok().GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Theory, BlobStores]
    public async Task Repeated_registration_returns_same_asset_or_409(string engine, string blobs)
    {
        using var member = Caller.Create((await BlobHost.SharedAsync(engine, blobs)).Server);
        var form = await member.Presign();
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        var before = await member.State();
        (await member.Register(form.AssetId, more: ",\"sha256\":\"" + new string('0', 64) + "\"")).Refused(422, "body.invalid");
        (await member.Register(form.AssetId, more: ",\"size_bytes\":1")).Refused(422, "body.invalid");
        (await member.Register(form.AssetId, more: ",\"content_type\":\"text/html\"")).Refused(422, "body.invalid");
        (await member.Register(form.AssetId, "other.txt")).Refused(422, "body.invalid");
        (await member.Register(form.AssetId, more: ",\"metadata\":[1]")).Refused(422, "body.invalid");
        (await member.Register(Nexus.Server.Platform.Storage.Id.New())).Refused(404, "not_found");
        (await member.State()).ShouldBe(before);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => member.Register(form.AssetId)));
        all.ShouldAllBe(reply => reply.Status == 200 || reply.ToString() == "409 raw.in_flight");
        var made = all.First(reply => reply.Status == 200);
        (await member.Register(form.AssetId, more: $",\"size_bytes\":{Raw.Bytes.Length}")).Body.ShouldBe(made.Body);
        (await member.Register(form.AssetId, more: ",\"size_bytes\":1")).Refused(409, "raw.conflict");
        (await member.Register(form.AssetId, more: ",\"metadata\":{\"a\":1}")).Refused(409, "raw.conflict");
        (await member.EventTypes()).ShouldBe(["raw_asset_presigned", "raw_asset_registered"]);
    }

    [Theory, BlobStores]
    public async Task Invalid_presign_request_is_rejected_and_changes_nothing(string engine, string blobs)
    {
        using var member = Caller.Create((await BlobHost.SharedAsync(engine, blobs)).Server);
        string[] names =
        [
            "", ".", "..", "a/b", "../x", "a\\b", "a\rb", "a\nb", "a\tb", "a\u0085b", "gpj\u202eexe", "\u200fa", "\u2066a", "a\u2028b",
            new('a', 256), new('a', 300), new('ü', 128),
        ];
        foreach (var name in names)
        {
            (await member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody(name, null, null))).Refused(422, "body.invalid");
        }

        (await member.Json("POST", "/nexus/raw/presign-upload", """{"filename":"a\u0000b"}""")).Refused(400, "json.malformed");
        foreach (var type in new[] { "text", "text/plain\r\nx: y", "text/plän", "", new string('a', 300) + "/b" })
        {
            (await member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", type, null))).Refused(422, "body.invalid");
        }

        foreach (var size in new long[] { 0, -1, (100 << 20) + 1 })
        {
            (await member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", null, size))).Refused(422, "body.invalid");
        }

        (await member.Json("POST", "/nexus/raw/presign-upload", """{"filename":"a","key":"x"}""")).Refused(422, "body.invalid");
        (await member.EventTypes()).ShouldBeEmpty();
        (await member.Presign(new string('ü', 127))).AssetId.ShouldNotBeEmpty();
    }

    [Theory, BlobStores]
    public async Task List_pages_newest_first(string engine, string blobs)
    {
        using var member = Caller.Create((await BlobHost.SharedAsync(engine, blobs)).Server);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, await member.Asset());
        }

        var first = await member.Get("/nexus/raw?limit=3");
        Ids(first).ShouldBe(ids[..3]);
        Ids(await member.Get($"/nexus/raw?limit=3&cursor={first.Json.GetProperty("next_cursor").GetString()}")).ShouldBe(ids[3..]);
        (await member.Get("/nexus/raw?limit=0")).Refused(422, "limit.invalid");
        (await member.Get("/nexus/raw?limit=101")).Refused(422, "limit.invalid");

        static IEnumerable<string> Ids(Reply reply) =>
            reply.Ok().GetProperty("items").EnumerateArray().Select(asset => asset.GetProperty("asset_id").GetString()!);
    }

    [Theory, BlobStores]
    public async Task Concurrent_uploads_never_exceed_storage_quota(string engine, string blobs)
    {
        const int Quota = 1_000_000;
        const int Tenth = Quota / 10;
        await using var host = await BlobHost.StartAsync(
            engine,
            blobs,
            ("Nexus:Quotas:StorageBytes", $"{Quota}"),
            ("Nexus:Blobs:MaxBytes", $"{Tenth}"));
        foreach (var size in new long?[] { Tenth, null })
        {
            using var member = Caller.Create(host.Server);
            var presigned = await Task.WhenAll(
                Enumerable.Range(0, 50).Select(_ => member.Json("POST", "/nexus/raw/presign-upload", Raw.PresignBody("a", null, size))));
            var forms = presigned.Where(reply => reply.Status == 200).Select(Form.Of).ToList();
            var uploads = await Task.WhenAll(forms.Select(form => form.Upload(new byte[Tenth])));
            presigned.Concat(uploads)
                .Where(reply => reply.Status is not (200 or 204))
                .ShouldAllBe(reply => reply.ToString() == "403 quota.exceeded");
            var uploaded = forms.Where((_, at) => uploads[at].Status == 204).ToList();
            uploaded.Count.ShouldBeInRange(8, 9);
            await ShouldBeWithinQuota(uploaded.Count);
            var registered = await Task.WhenAll(uploaded.Select(form => member.Register(form.AssetId, "a")));
            registered.ShouldAllBe(reply => reply.Status == 200);
            await ShouldBeWithinQuota(uploaded.Count);

            async Task ShouldBeWithinQuota(int stored)
            {
                var keys = host.Keys(member.Tenant);
                keys.Count.ShouldBe(stored);
                keys.Values.Sum().ShouldBeLessThanOrEqualTo(Quota);
                (await host.Usage(member)).ShouldBeInRange(keys.Values.Sum(), Quota);
            }
        }
    }

    [Theory, BlobStores]
    public async Task Interrupted_registration_can_be_retried_after_claim_expires(string engine, string blobs)
    {
        var host = await BlobHost.SharedAsync(engine, blobs);
        using var member = Caller.Create(host.Server);
        var form = await member.Presign();
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        host.Write($"tenants/{member.Tenant}/prod/raw/{form.AssetId}/agate.txt", [1, 2, 3]);
        await host.Set(member, $"state = 'registering', claimed_at = {long.MaxValue}");
        (await member.Register(form.AssetId)).Refused(409, "raw.in_flight")["Retry-After"].ShouldBe("1");
        await host.Set(member, "claimed_at = 1");
        (await member.Register(form.AssetId)).Ok();
        (await member.Get($"/nexus/raw/{form.AssetId}/content")).Body.ShouldBe(Encoding.UTF8.GetString(Raw.Bytes));
    }

    [Theory, Engines]
    public async Task Content_is_hidden_and_reaped_later_if_blob_delete_fails(string engine)
    {
        await using var host = await BlobHost.StartAsync(engine, "s3");
        using var admin = Caller.Create(host.Server, "admin");
        var id = await admin.Asset();
        host.S3!.DeniesDeletes = true;
        (await admin.Delete($"/nexus/raw/{id}")).Status.ShouldBe(204);
        (await admin.Get($"/nexus/raw/{id}/content")).Refused(404, "not_found");
        host.Keys(admin.Tenant).Count.ShouldBe(1);
        host.S3.DeniesDeletes = false;
        await host.ReapAsync(admin);
        host.Keys(admin.Tenant).ShouldBeEmpty();
    }

    [Theory, BlobStores]
    public async Task Reaper_removes_orphaned_bytes_and_releases_quota(string engine, string blobs)
    {
        var host = await BlobHost.SharedAsync(engine, blobs);
        using var member = Caller.Create(host.Server);
        var kept = await member.Asset();
        var form = await member.Presign(size: Raw.Bytes.Length);
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);

        // As after a crash between bytes and row: the final key exists too.
        var orphan = $"tenants/{member.Tenant}/prod/raw/{form.AssetId}/agate.txt";
        host.Write(orphan, Raw.Bytes);
        (await member.Get($"/nexus/raw/{form.AssetId}/content")).Refused(404, "not_found");

        var before = await host.Usage(member);
        await host.ReapAsync(member);
        (await host.Usage(member)).ShouldBe(before - Raw.Bytes.Length);
        host.Keys(member.Tenant).Keys.ShouldBe([$"tenants/{member.Tenant}/prod/raw/{kept}/agate.txt"]);
        (await member.State()).ShouldContain("0 raw_uploads");
        (await member.Register(form.AssetId)).Refused(404, "not_found");
        (await member.Get($"/nexus/raw/{kept}/content")).Body.ShouldBe(Encoding.UTF8.GetString(Raw.Bytes));
    }
}
