using System.Text;

namespace Nexus.Tests.Platform.Idempotency;

/// <summary><c>Idempotency-Key</c>: a repeated request returns the first response and does nothing.</summary>
public sealed class IdempotencyTests
{
    [Theory, Engines]
    public async Task Retry_returns_same_bytes_without_side_effects(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Card("card_type: note\n---\nagate");
        (string Method, string Path, string Body, string Type)[] mutations =
        [
            ("POST", "/nexus/cards", "card_type: note\ntitle: Größe 🦊\n---\n\nbody <&>\r\n", "text/plain"),
            ("PUT", $"/nexus/cards/{id}", "card_type: note\n---\nagate again", "text/plain"),
            ("POST", "/nexus/influence-pack", """{"query":{"query_text":"agate"}}""", "application/json"),
            ("POST", "/nexus/cards/batch", """{"text":"card_type: note\n---\nx"}""" + "\n" + """{"text":"none"}""", "application/x-ndjson"),
        ];
        foreach (var (method, path, body, type) in mutations)
        {
            var first = await Send();
            first.Status.ShouldBe(200, first.Body);
            var after = await member.State();
            var again = await Send();
            again.Status.ShouldBe(200, again.Body);
            again.Body.ShouldBe(first.Body);
            again["ETag"].ShouldBe(first["ETag"]);
            again["Content-Type"].ShouldBe(first["Content-Type"]);
            (await member.State()).ShouldBe(after, path);

            async Task<Reply> Send()
            {
                using var content = new StringContent(body, Encoding.UTF8, type);
                return await member.Send(method, path, content, ("Idempotency-Key", "k-1"), ("If-Match", method == "PUT" ? "\"1\"" : null));
            }
        }

        (await member.Delete($"/nexus/cards/{id}", ("Idempotency-Key", "k-2"))).Status.ShouldBe(204);
        var gone = await member.State();
        (await member.Delete($"/nexus/cards/{id}", ("Idempotency-Key", "k-2"))).Status.ShouldBe(204);
        (await member.Delete($"/nexus/cards/{id}", ("Idempotency-Key", "k-3"))).Refused(404, "not_found");
        (await member.State()).ShouldBe(gone);
    }

    [Theory, Engines]
    public async Task Same_key_with_different_payload_returns_422(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Post(Caller.Note, _key)).Ok();
        var before = await member.State();
        (await member.Post(Caller.Note + "x", _key)).Refused(422, "idempotency.mismatch");
        (await member.Text("POST", "/nexus/cards?x=1", Caller.Note, _key)).Refused(422, "idempotency.mismatch");
        using var markdown = new StringContent(Caller.Note, Encoding.UTF8, "text/markdown");
        (await member.Send("POST", "/nexus/cards", markdown, _key)).Refused(422, "idempotency.mismatch");
        (await member.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Key_is_scoped_to_caller_tenant_env_and_route(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var colleague = member.Colleague("owner");
        using var elsewhere = Caller.Create(host, user: member.User);
        using var staging = Caller.Create(host, tenant: member.Tenant, env: "staging", user: member.User);
        var ids = new List<string?>();
        foreach (var caller in new[] { member, colleague, elsewhere, staging })
        {
            ids.Add((await caller.Post(Caller.Note, _key)).Ok().GetProperty("card_id").GetString());
        }

        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(4);
        using var line = new StringContent("""{"text":"card_type: note\n---\nx"}""", Encoding.UTF8, "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", line, _key)).Status.ShouldBe(200);
        (await member.Delete($"/nexus/cards/{ids[0]}", _key)).Status.ShouldBe(204);
        (await member.EventTypes()).ShouldBe(["card_created", "card_created", "card_created", "card_deleted"]);
    }

    [Theory, Engines]
    public async Task Concurrent_requests_with_same_key_run_once(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        for (var round = 0; round < 5; round++)
        {
            var key = ("Idempotency-Key", (string?)$"k-{round}");
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => member.Post(Caller.Note, key)));
            replies.ShouldAllBe(
                reply =>
                    reply.Status == 200 || (reply.Status == 409 && reply.Code == "idempotency.in_flight" && reply["Retry-After"] != null));
            replies.Where(reply => reply.Status == 200).Select(reply => reply.Body).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
            (await member.EventTypes()).Length.ShouldBe(round + 1);
        }
    }

    [Fact]
    public async Task Concurrent_requests_with_same_key_run_once_across_nodes()
    {
        await using var first = await NexusHost.StartAsync("postgres");
        await using var second = await first.StartSecondNodeAsync();
        using var member = Caller.Create(first);
        using var there = member.On(second);
        for (var round = 0; round < 5; round++)
        {
            var key = ("Idempotency-Key", (string?)$"k-{round}");
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? member : there).Post(Caller.Note, key)));
            replies.ShouldAllBe(reply => reply.Status == 200 || reply.Code == "idempotency.in_flight");
            (await member.EventTypes()).Length.ShouldBe(
                round + replies.Where(reply => reply.Status == 200).Select(reply => reply.Body).Distinct(StringComparer.Ordinal).Count());
            var settled = await there.Post(Caller.Note, key);
            settled.Ok();
            (await member.EventTypes()).Length.ShouldBe(round + 1);
        }
    }

    [Theory, Engines]
    public async Task Rejected_request_is_not_stored(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Post("no separator", _key)).Refused(422, "card.separator");
        (await member.Post(Caller.Note, _key)).Ok();
        (await member.EventTypes()).ShouldBe(["card_created"]);
    }

    [Theory, Engines]
    public async Task Response_with_secret_is_not_replayed(string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine), "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        var path = $"/tenants/{owner.Tenant}/api-keys";
        const string Body = """{"name":"k","role":"viewer"}""";
        (await owner.Json("POST", path, Body, _key)).Ok().GetProperty("key").GetString()!.ShouldStartWith("nxs_");
        var before = await owner.EventTypes();
        (await owner.Json("POST", path, Body, _key)).Refused(409, "idempotency.secret").Body.ShouldNotContain("nxs_");
        (await owner.Json("POST", path, """{"name":"other","role":"viewer"}""", _key)).Refused(422, "idempotency.mismatch");
        (await owner.EventTypes()).ShouldBe(before);
        (await owner.Get(path)).Ok().GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Batch_retry_replays_every_line(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var lines = string.Join(
            '\n',
            Enumerable.Range(0, 250).Select(i => i % 50 == 49 ? """{"text":"none"}""" : $$"""{"text":"card_type: note\n---\n{{i}}"}"""));
        var first = await Send(lines);
        first.Status.ShouldBe(200);
        first.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(250);
        var before = await member.State();
        (await Send(lines)).Body.ShouldBe(first.Body);
        (await Send(lines + "\n")).Refused(422, "idempotency.mismatch");
        (await member.State()).ShouldBe(before);
        (await member.EventTypes()).Length.ShouldBe(245);

        async Task<Reply> Send(string text)
        {
            using var content = new StringContent(text, Encoding.UTF8, "application/x-ndjson");
            return await member.Send("POST", "/nexus/cards/batch", content, _key);
        }
    }

    [Theory, Engines]
    public async Task Retry_after_restart_returns_same_bytes(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        string tenant, body;
        using (var member = Caller.Create(host))
        {
            (tenant, body) = (member.Tenant, (await member.Post(Caller.Note, _key)).Body);
        }

        await host.StartAgainAsync();
        using var again = Caller.Create(host, tenant: tenant);
        var reply = await again.Post(Caller.Note, _key);
        reply.Ok();
        reply.Body.ShouldBe(body);
        reply["ETag"].ShouldBe("\"1\"");
        (await again.EventTypes()).ShouldBe(["card_created"]);
    }

    [Theory, Engines]
    public async Task Key_must_be_1_to_255_visible_characters_sent_once(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var key in new[] { new string('k', 256), new string('k', 300), "with space", "tab\there", "" })
        {
            (await member.Post(Caller.Note, ("Idempotency-Key", key))).Refused(400, "idempotency.invalid");
        }

        (await member.RawInContext(
            "POST /nexus/cards HTTP/1.1",
            "Idempotency-Key: a\r\nIdempotency-Key: a\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n",
            "card_type: note\n---\nbody")).Refused(
            400,
            "idempotency.invalid");
        (await member.EventTypes()).ShouldBeEmpty();
        (await member.Post(Caller.Note, ("Idempotency-Key", new string('k', 255)))).Ok();
    }

    private static readonly (string, string?) _key = ("Idempotency-Key", "the-key");
}
