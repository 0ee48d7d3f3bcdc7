using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Nexus.Server.Audit.Events;
using Nexus.Server.Audit.Queries;



namespace Nexus.Tests.Audit.Queries;

/// <summary><c>/audit/events/stream</c>: every event once and in order, as long as the reader has access.</summary>
public sealed class EventStreamTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Open_requires_auth_and_admin_role(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var other = Caller.Create(host, "owner");
        (await member.Get("/audit/events/stream", ("Authorization", null))).Refused(401, "auth.missing");
        (await member.Get("/audit/events/stream")).Refused(403, "auth.role");
        (await other.Get("/audit/events/stream", ("X-Tenant-Id", member.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await member.Events()).ShouldBeEmpty();
        (await other.Events()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Stream_starts_with_own_audit_read_then_new_events(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        await admin.Card();
        using var reader = await EventReader.OpenAsync(admin);
        reader.Response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        reader.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var (seq, first) = await reader.EventAsync();
        seq.ShouldBe(1);
        first.GetProperty("metadata").GetProperty("event_type").GetString().ShouldBe("audit_read");
        first.GetProperty("input").GetProperty("stream").GetBoolean().ShouldBeTrue();
        (await admin.Json("POST", "/events", """{"input":{"text":"one\ntwo\r\nthree","é":"\u2028"}}""")).Ok();
        var (next, recorded) = await reader.EventAsync();
        next.ShouldBe(2);
        recorded.GetRawText().ShouldBe((await admin.Get($"/audit/events/{recorded.GetProperty("event_id").GetString()}")).Ok().GetRawText());
        (await admin.EventTypes()).ShouldBe(["card_created", "audit_read", "event_recorded"]);
    }

    [Theory, Engines]
    public async Task Stream_excludes_other_tenants_and_envs(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var elsewhere = admin.Colleague("admin", "dev");
        using var stranger = Caller.Create(host, "admin");
        using var reader = await EventReader.OpenAsync(admin);
        await elsewhere.Card();
        await stranger.Card();
        await admin.Card();
        (await reader.SeqsAsync(2)).ShouldBe([0, 1]);
        (await admin.EventTypes()).ShouldBe(["audit_read", "card_created"]);
    }

    [Theory, Engines]
    public async Task Last_event_id_resumes_after_that_event(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        for (var at = 0; at < 200; at++)
        {
            (await admin.Json("POST", "/events", "{}")).Ok();
        }

        using (var reader = await EventReader.OpenAsync(admin, 49))
        {
            (await reader.SeqsAsync(100)).ShouldBe(Seqs(50, 100));
        }

        using var again = await EventReader.OpenAsync(admin, 149);
        (await again.SeqsAsync(52)).ShouldBe(Seqs(150, 52));
        using var at0 = await EventReader.OpenAsync(admin, 0);
        (await at0.EventAsync()).Seq.ShouldBe(1);
        (await admin.Events()).Count.ShouldBe(203);
    }

    [Theory, Engines]
    public async Task Unknown_last_event_id_returns_400_and_leaves_no_event(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var other = Caller.Create(host, "admin");
        for (var at = 0; at < 5; at++)
        {
            await other.Card();
        }

        await admin.Card();
        // 1 to 4 are seqs of the other tenant's log.
        foreach (var bad in new[] { "-1", "1", "4", "99", "9223372036854775807", "9223372036854775808", "18446744073709551616", "abc", "1.5", "1e1", "0x1", "+0", "0 0", "0,0", "0;", "null", "" })
        {
            (await admin.Get("/audit/events/stream", ("Last-Event-ID", bad))).Refused(400, "last_event_id.invalid");
        }

        (await admin.RawInContext("GET /audit/events/stream HTTP/1.1", "Last-Event-ID: 0\r\nLast-Event-ID: 0\r\n")).Refused(400, "last_event_id.invalid");
        (await admin.EventTypes()).ShouldBe(["card_created"]);
        (await other.Events()).Count.ShouldBe(5);
    }

    [Theory, Engines]
    public async Task Concurrent_writes_arrive_once_and_in_order_despite_reconnects(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, _unlimited);
        using var admin = Caller.Create(host, "admin");
        const int Writers = 12;
        const int Each = 60;
        using var faithful = await EventReader.OpenAsync(admin);
        var storm = Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var at = 0; at < Each; at++)
            {
                (await admin.Json("POST", "/events", """{"input":{"text":"storm"}}""")).Ok();
            }
        }));
        var seen = new List<long>();
        var comings = 0;
        while (seen.Count < Writers * Each)
        {
            using var fickle = await EventReader.OpenAsync(admin, seen.Count == 0 ? 0 : seen[^1]);
            comings++;
            seen.AddRange(await fickle.SeqsAsync(Math.Min(100, (Writers * Each) - seen.Count)));
        }

        await storm;
        comings.ShouldBeGreaterThan(5);
        seen.ShouldBe(Seqs(1, seen.Count));
        var all = (Writers * Each) + 1 + comings;
        (await faithful.SeqsAsync(all)).ShouldBe(Seqs(0, all));
        (await admin.Events()).Count.ShouldBe(all);
    }

    [Fact]
    public async Task Stream_sees_writes_of_other_node_and_resumes_there_on_shutdown()
    {
        await using var first = await NexusHost.StartAsync("postgres", _unlimited);
        var second = await first.StartSecondNodeAsync();
        using var here = Caller.Create(first, "admin");
        using var there = here.On(second);
        var seen = new List<long>();
        Task storm;
        using (var reader = await EventReader.OpenAsync(there))
        {
            seen.AddRange(await reader.SeqsAsync(1));
            (await here.Json("POST", "/events", "{}")).Ok();
            seen.AddRange(await reader.SeqsAsync(1));
            storm = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            {
                for (var at = 0; at < 100; at++)
                {
                    (await here.Json("POST", "/events", "{}")).Ok();
                }
            }));
            seen.AddRange(await reader.SeqsAsync(50));
            await second.DisposeAsync();
            while (await reader.NextAsync() is { } message)
            {
                if (message.Id is { } id)
                {
                    seen.Add(long.Parse(id, System.Globalization.CultureInfo.InvariantCulture));
                }
            }
        }

        using var again = await EventReader.OpenAsync(here, seen[^1]);
        seen.AddRange(await again.SeqsAsync(403 - seen.Count));
        await storm;
        seen.ShouldBe(Seqs(0, 403));
    }

    [Theory, Engines]
    public async Task Ping_is_sent_every_15_seconds(string engine)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await NexusHost.StartAsync(engine, clock: clock);
        using var admin = Caller.Create(host, "admin");
        var opened = clock.GetUtcNow();
        using var reader = await EventReader.OpenAsync(admin);
        await reader.EventAsync();
        for (var ping = 1; ping <= 3; ping++)
        {
            var next = reader.NextAsync();
            await AdvanceUntilAsync(clock, () => next.IsCompleted);
            (await next).ShouldBe(new EventReader.Message(null, "ping", "{}"));
            (clock.GetUtcNow() - opened).ShouldBeGreaterThanOrEqualTo(ping * TimeSpan.FromSeconds(15));
        }
    }

    [Theory, Engines]
    public async Task Stream_ends_when_token_expires(string engine)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await NexusHost.StartAsync(engine, clock: clock);
        using var admin = Caller.Create(host, "admin");
        using var reader = await EventReader.OpenAsync(admin);
        await reader.EventAsync();
        // One hour plus the allowed clock skew.
        clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(31));
        var end = reader.EndAsync();
        await AdvanceUntilAsync(clock, () => end.IsCompleted);
        (await end).ShouldBe("auth.invalid");
    }

    [Theory, Engines]
    public async Task Stream_ends_when_reader_loses_access(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host, "owner");
        (await owner.Json("POST", "/tenants", $$"""{"tenant_id":"{{owner.Tenant}}","name":"T"}""", ("X-Tenant-Id", null))).Ok();
        using var removed = owner.Colleague("admin");
        using (var reader = await EventReader.OpenAsync(removed))
        {
            await reader.EventAsync();
            (await owner.Delete($"/tenants/{owner.Tenant}/members/{removed.User}")).Status.ShouldBe(204);
            (await reader.EndAsync()).ShouldBe("auth.tenant_mismatch");
        }

        using var demoted = Caller.Create(host, "admin", owner.Tenant, user: "u_demoted");
        using (var reader = await EventReader.OpenAsync(demoted))
        {
            await reader.EventAsync();
            (await owner.Json("PATCH", $"/tenants/{owner.Tenant}/members/{demoted.User}", """{"role":"member"}""")).Ok();
            (await reader.EndAsync()).ShouldBe("auth.role");
        }

        var key = (await owner.Json("POST", $"/tenants/{owner.Tenant}/api-keys", """{"name":"n","role":"admin"}""")).Ok();
        using var agent = Caller.WithToken(host, key.GetProperty("key").GetString()!, owner.Tenant);
        using (var reader = await EventReader.OpenAsync(agent))
        {
            await reader.EventAsync();
            (await owner.Delete($"/tenants/{owner.Tenant}/api-keys/{key.GetProperty("key_id").GetString()}")).Status.ShouldBe(204);
            (await reader.EndAsync()).ShouldBe("auth.invalid");
        }

        using (var reader = await EventReader.OpenAsync(owner))
        {
            await reader.EventAsync();
            (await owner.Json("PUT", "/kill-switches", """{"disabled_actions":["audit_read"]}""")).Ok();
            (await reader.EndAsync()).ShouldBe("kill_switch.blocked");
            (await owner.Json("PUT", "/kill-switches", """{"disabled_actions":[]}""")).Ok();
        }

        using var last = await EventReader.OpenAsync(owner);
        (await owner.Json("PATCH", $"/tenants/{owner.Tenant}", """{"status":"suspended"}""")).Ok();
        (await last.EndAsync()).ShouldBe("tenant.suspended");
    }

    [Theory, Engines]
    public async Task Stalled_reader_is_dropped_without_affecting_others(string engine)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await NexusHost.StartAsync(engine, _unlimited, clock);
        var watch = host.Services.GetRequiredService<LogWatcher>();
        using var admin = Caller.Create(host, "admin");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 << 10 };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, Cancelled);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET /audit/events/stream HTTP/1.1\r\nHost: nexus\r\nAuthorization: Bearer {admin.Token}\r\nX-Tenant-Id: {admin.Tenant}\r\nX-Env: prod\r\n\r\n"), Cancelled);
        (await socket.ReceiveAsync(new byte[100], Cancelled)).ShouldBeGreaterThan(0);
        using var reader = await EventReader.OpenAsync(admin);
        (await reader.EventAsync()).Seq.ShouldBe(1);
        var line = $$$"""{"input":{"text":"{{{new string('x', 60_000)}}}"}}""" + "\n";
        for (var batch = 0; batch < 3; batch++)
        {
            // More than any buffer in between can hold.
            using var body = new StringContent(string.Concat(Enumerable.Repeat(line, 100)), Encoding.UTF8, "application/x-ndjson");
            (await admin.Send("POST", "/events/batch", body)).Status.ShouldBe(200);
        }

        (await reader.SeqsAsync(300)).ShouldBe(Seqs(2, 300));
        watch.Followers.ShouldBe(2);
        await AdvanceUntilAsync(clock, () => watch.Followers == 1);
        (await admin.Json("POST", "/events", "{}")).Ok();
        EventReader.Message? next;
        do
        {
            next = await reader.NextAsync();
        }
        while (next is { Type: "ping" });
        next!.Id.ShouldBe("302");
    }

    [Theory, Engines]
    public async Task Shutdown_ends_streams_immediately(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var reader = await EventReader.OpenAsync(admin);
        await reader.EventAsync();
        var end = reader.EndAsync();
        await host.StopAsync();
        (await end).ShouldBe("unavailable");
    }

    [Theory, Engines]
    public async Task Too_many_readers_returns_429_until_one_leaves(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        var watch = host.Services.GetRequiredService<LogWatcher>();
        using var admin = Caller.Create(host, "admin");
        var scope = new Nexus.Server.Platform.Storage.Scope(admin.Tenant, admin.Env);
        var others = Enumerable.Range(0, EventStream.MaxReaders).Select(_ => watch.TryFollow(scope, EventStream.MaxReaders)!).ToList();
        (await admin.Get("/audit/events/stream")).Refused(429, "stream.too_many")["Retry-After"].ShouldNotBeNull();
        (await admin.Events()).ShouldBeEmpty();
        others[0].Dispose();
        using (var reader = await EventReader.OpenAsync(admin))
        {
            (await reader.EventAsync()).Seq.ShouldBe(0);
        }

        others[1..].ForEach(other => other.Dispose());
    }

    private static readonly Dictionary<string, string?> _unlimited = new(StringComparer.Ordinal) { ["Nexus:RateLimits:Limit"] = "1000000" };

    private static IEnumerable<long> Seqs(long first, int count) => Enumerable.Range(0, count).Select(at => first + at);

    /// <summary>Advances the clock second by second until the condition holds, giving waiting tasks time to run.</summary>
    private static async Task AdvanceUntilAsync(FakeTimeProvider clock, Func<bool> holds)
    {
        for (var seconds = 0; !holds(); seconds++)
        {
            seconds.ShouldBeLessThan(500);
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancelled);
        }
    }
}
