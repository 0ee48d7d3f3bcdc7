using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Client;
using Nexus.Server.Audit.Events;
using Nexus.Server.Knowledge.Packs;
using Nexus.Server.Knowledge.RawAssets;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Server.Platform.Tenancy;
using Nexus.Server.Privacy.Erasure;
using Nexus.Tests.Knowledge.RawAssets;



namespace Nexus.Tests.Privacy;

/// <summary>Requests in flight during an erasure leave nothing behind.</summary>
public sealed class ErasureRaceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Request_completed_after_erasure_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        await person.Card();
        using var slow = new TcpClient();
        await slow.ConnectAsync(host.Address.Host, host.Address.Port, Cancelled);
        await using var stream = slow.GetStream();
        var text = "card_type: note\n---\nToo late: heliodor." + new string('.', 200_000);
        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
                $"POST /nexus/cards HTTP/1.1\r\nHost: nexus\r\nConnection: close\r\nAuthorization: "
                + $"Bearer {person.Token}\r\nX-Tenant-Id: {person.Tenant}\r\nX-Env: prod\r\n"
                + $"Content-Type: text/plain\r\nContent-Length: {text.Length}\r\n\r\n"),
            Cancelled);
        var (sent, erasing) = (0, admin.Erased(person.User));
        for (; !erasing.IsCompleted; sent += 500)
        {
            // As slow as the server allows.
            await stream.WriteAsync(Encoding.Latin1.GetBytes(text[sent..(sent + 500)]), Cancelled);
            await Task.WhenAny(erasing, Task.Delay(TimeSpan.FromMilliseconds(250), Cancelled));
        }

        await erasing;
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text[sent..]), Cancelled);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        (await reader.ReadToEndAsync(Cancelled)).ShouldStartWith("HTTP/1.1 403");
        (await admin.Find("heliodor")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Erasure_waits_for_running_blob_copy(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        var form = await person.Presign("chrysoprase.txt");
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        var (scope, database, blobs) = (
            new Scope(person.Tenant, person.Env),
            host.Services.GetRequiredService<Database>(),
            host.Services.GetRequiredService<IBlobStore>());
        var claimedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        (await database.WriteAsync(
            scope,
            session => RawUploadStore.TryClaimAsync(session, form.AssetId, claimedAt),
            Cancelled)).ShouldBeTrue();
        await using var staged = await blobs.OpenReadAsync(BlobKey.Staging(scope, form.AssetId), Cancelled);
        var erasure = (await admin.Erase(person.User)).Ok().GetProperty("erasure_id").GetString()!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!(await admin.EventTypes()).Contains("content_erased"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }

        (await admin.Get($"/privacy/erasures/{erasure}")).Ok().GetProperty("state").GetString().ShouldBe("running");
        (await blobs.CopyAsync(staged!, BlobKey.Raw(scope, form.AssetId, "chrysoprase.txt"), Cancelled)).ShouldBeTrue();
        await database.WriteAsync(scope, session => RawUploadStore.ReleaseClaimAsync(session, form.AssetId, claimedAt), Cancelled);
        (await admin.Ended(erasure)).GetProperty("state").GetString().ShouldBe("done");
        Erasures.Holding(host.Folder, "chrysoprase").ShouldBeEmpty();
        Erasures.Holding(host.Folder, "The agate has bands").ShouldBeEmpty();
        (await person.Register(form.AssetId, "chrysoprase.txt")).Refused(403, "auth.tenant_mismatch");
    }

    [Theory, Engines]
    public async Task Pack_of_deleted_card_is_not_created(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var person = Caller.Create(host);
        using var admin = person.Colleague("admin");
        var (card, kept) = (await person.Card(), await admin.Card());
        var (scope, database, packs) = (
            new Scope(person.Tenant, person.Env),
            host.Services.GetRequiredService<Database>(),
            host.Services.GetRequiredService<PackStore>());
        await PackAsync(card, kept);
        (await admin.Delete($"/nexus/cards/{card}")).Status.ShouldBe(204);
        await Should.ThrowAsync<CardDeletedException>(() => PackAsync(card, kept));
        (await PackAsync(kept)).CardRefs.ShouldHaveSingleItem();

        async Task<InfluencePack> PackAsync(params string[] cards) => await database.WriteAsync(
            scope,
            session => packs.CreateAsync(
                session,
                RequestContextFactory.ForSystem("pack_create", scope),
                "agate",
                [.. cards.Select(id => new CardRef { CardId = id, Score = 1, Excerpt = "E", ArtifactRefs = [] })],
                Metadata(cards.Length)),
            Cancelled);

        static PackMetadata Metadata(int cards) =>
            new() { ResultCount = cards, Dropped = [], BudgetUsed = new BudgetUsed { Cards = cards, Chars = cards, Tokens = cards } };
    }

    [Fact]
    public async Task Concurrent_erasure_of_last_two_owners_keeps_one()
    {
        await using var host = await NexusHost.StartAsync(
            "postgres",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Privacy:ErasureApprovals"] = "2" });
        await using var node = await host.StartSecondNodeAsync();
        var tenant = NexusHost.NewTenant();
        using var one = Caller.Create(host, "owner", tenant, user: "u_one");
        (await one.Json("POST", "/tenants", $$"""{"tenant_id":"{{tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var two = Caller.Create(host, "owner", tenant, user: "u_two");
        (await one.Json("PATCH", $"/tenants/{tenant}/members/{two.User}", """{"role":"owner"}""")).Ok();
        using var inDev = two.Colleague("owner", "dev");
        using var admin = one.Colleague("admin");
        using var adminInDev = inDev.Colleague("admin", "dev");
        using var there = adminInDev.On(node);
        using var twoInDev = Caller.Create(host, "owner", tenant, "dev", two.User);
        var first = (await one.Erase(one.User)).Ok().GetProperty("erasure_id").GetString()!;
        var second = (await twoInDev.Erase(two.User)).Ok().GetProperty("erasure_id").GetString()!;
        var approved = await Task.WhenAll(
            admin.Json("POST", $"/privacy/erasures/{first}/approve", "{}"),
            there.Json("POST", $"/privacy/erasures/{second}/approve", "{}"));
        approved.ShouldAllBe(answer => answer.Status == 200);
        var ended = await Task.WhenAll(admin.Ended(first), there.Ended(second));
        ended.Select(erasure => erasure.GetProperty("state").GetString()).Order(StringComparer.Ordinal).ShouldBe(["done", "refused"]);
        var refused = ended.Single(erasure => erasure.GetProperty("state").GetString() == "refused");
        refused.GetProperty("reason").GetString()!.ShouldContain("last owner");

        // An erasure that was not carried out must not be run after a restore either.
        var noted = new[] { host, node }.SelectMany(at => at.Services.GetRequiredService<ErasureJournal>().Read())
            .Select(entry => entry.ErasureId)
            .ToHashSet(StringComparer.Ordinal);
        noted.ShouldHaveSingleItem().ShouldNotBe(refused.GetProperty("erasure_id").GetString());
    }

    [Theory, Engines]
    public async Task Card_once_about_person_is_erased_after_log_retention(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var other = Caller.Create(host, user: "u_other");
        using var admin = other.Colleague("admin");
        const string Person = "u_\"quoted\"%_";
        var card = await other.Card("card_type: note\nsubject_id: 'u_\"quoted\"%_'\n---\nAbout them.");
        var kept = await other.Card("card_type: note\nsubject_id: 'U_\"quoted\"%_'\n---\nAbout somebody else.");
        (await other.Text("PUT", $"/nexus/cards/{card}", Caller.Note, ("If-Match", "\"1\""))).Ok();
        (await other.Text("PUT", $"/nexus/cards/{kept}", Caller.Note, ("If-Match", "\"1\""))).Ok();
        var scope = new Scope(other.Tenant, other.Env);
        var (database, contents) = (host.Services.GetRequiredService<Database>(), host.Services.GetRequiredService<ContentEraser>());
        (await database.WriteAsync(
            scope,
            session => contents.EraseAsync(session, RequestContextFactory.ForSystem("retention", scope), [0, 1, 2, 3], "retention"),
            Cancelled)).ShouldBe(
            4);
        await admin.Erased(Person);
        (await other.Get($"/nexus/cards/{card}")).Refused(404, "not_found");
        (await other.Get($"/nexus/cards/{kept}")).Ok();
    }
}
