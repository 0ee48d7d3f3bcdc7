namespace Nexus.Tests.FeatureFlags;

/// <summary><c>GET|PUT /feature-flags</c>: five fields, each from the tenant, or else tenant-0, or else the default.</summary>
public sealed class FlagRecordTests
{
    private const string Path = "/feature-flags";
    private const string Defaults = "ws:False sse:False gestures:False replay:off visibility:private";

    [Theory, Engines]
    public async Task Global_flag_fallback(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var system = Caller.Create(host, "owner", "t_system");
        using var admin = Caller.Create(host, "admin");
        using var dev = admin.Colleague("viewer", "dev");
        Read(await admin.Get(Path)).ShouldBe(Defaults);
        (await system.Json("PUT", Path, """{"ws_enabled":true,"replay_mode":"keyframe"}""")).Ok();
        Read(await admin.Get(Path)).ShouldBe("ws:True sse:False gestures:False replay:keyframe visibility:private");
        Read(await dev.Get(Path)).ShouldBe(Defaults);
        Read(await admin.Json("PUT", Path, """{"ws_enabled":false,"gesture_logging":true}"""))
            .ShouldBe("ws:False sse:False gestures:True replay:keyframe visibility:private");
        (await system.Json("PUT", Path, """{"ws_enabled":true,"replay_mode":"stream","visibility_mode":"team"}""")).Ok();
        Read(await admin.Get(Path)).ShouldBe("ws:False sse:False gestures:True replay:stream visibility:team");
        Read(await system.Get(Path)).ShouldBe("ws:True sse:False gestures:False replay:stream visibility:team");
        (await system.EventTypes()).ShouldBe(["feature_flags_updated", "feature_flags_updated"]);
        (await admin.EventTypes()).ShouldBe(["feature_flags_updated"]);
    }

    [Theory, Engines]
    public async Task Owner_can_update_flags(string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine), "owner");
        foreach (var role in (string[])["viewer", "member"])
        {
            using var weak = owner.Colleague(role);
            (await weak.Json("PUT", Path, """{"ws_enabled":true}""")).Refused(403, "auth.role");
            Read(await weak.Get(Path)).ShouldBe(Defaults);
        }

        (await owner.Json("PUT", Path, """{"sse_enabled":true}""")).Ok().GetProperty("tenant_id").GetString().ShouldBe(owner.Tenant);
        var recorded = (await owner.Events()).ShouldHaveSingleItem();
        recorded.Output!.Value.GetProperty("after").GetRawText().ShouldBe("""{"sse_enabled":{"defaultVariant":"on"}}""");
        recorded.Output.Value.GetProperty("before").GetRawText().ShouldBe("""{"sse_enabled":null}""");
        string[] wrong =
        [
            "{}", """{"ws_enabled":"true"}""", """{"replay_mode":"loud"}""", """{"visibility_mode":7}""", """{"beta":true}""",
            """{"ws_enabled":null}""", "[]",
        ];
        foreach (var body in wrong)
        {
            (await owner.Json("PUT", Path, body)).Status.ShouldBe(422, body);
        }

        (await owner.Json("PUT", Path, """{"ws_enabled":true,"env":"dev"}""")).Refused(400, "context.mismatch");
        (await owner.EventTypes()).Length.ShouldBe(1);
    }

    [Theory, Engines]
    public async Task Durable_repository_persists(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var admin = Caller.Create(host, "admin");
        (await admin.Json("PUT", Path, """{"visibility_mode":"public"}""")).Ok();
        await host.StartAgainAsync();
        using var again = admin.On(host);
        var read = await again.Get(Path);
        Read(read).ShouldBe("ws:False sse:False gestures:False replay:off visibility:public");
        (await again.Json("PUT", Path, """{"ws_enabled":true}""", ("If-Match", "\"0\""))).Refused(412, "precondition.failed");
        (await again.Json("PUT", Path, """{"ws_enabled":true}""", ("If-Match", read["ETag"]!))).Ok();
        admin.Dispose();
    }

    [Fact]
    public async Task Change_reaches_other_node()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        await using var second = await host.StartSecondNodeAsync();
        using var admin = Caller.Create(host, "admin");
        using var there = admin.On(second);
        Read(await there.Get(Path)).ShouldBe(Defaults);
        (await admin.Json("PUT", Path, """{"ws_enabled":true}""")).Ok();
        while (Read(await there.Get(Path)) == Defaults)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Evaluation_with_etag_from_other_node_returns_that_version()
    {
        await using var host = await NexusHost.StartAsync("postgres");
        await using var second = await host.StartSecondNodeAsync();
        using var admin = Caller.Create(host, "admin");
        using var there = admin.On(second);
        for (var version = 1; version <= 20; version++)
        {
            (await admin.Json(
                "PUT",
                "/feature-flags/definitions/beta",
                $$"""{"state":"ENABLED","variants":{"v":{{version}}},"defaultVariant":"v"}""")).Ok();
            var all = (await there.Json("POST", $"/ofrep/v1/evaluate/flags?flagConfigEtag=0.{version}", "{}")).Ok();
            all.GetProperty("flags")[0].GetProperty("value").GetInt32().ShouldBe(version);
        }
    }

    private static string Read(Reply reply)
    {
        var record = reply.Ok();
        return $"ws:{record.GetProperty("ws_enabled").GetBoolean()} sse:{record.GetProperty("sse_enabled").GetBoolean()} "
            + $"gestures:{record.GetProperty("gesture_logging").GetBoolean()} "
            + $"replay:{record.GetProperty("replay_mode").GetString()} visibility:{record.GetProperty("visibility_mode").GetString()}";
    }
}
