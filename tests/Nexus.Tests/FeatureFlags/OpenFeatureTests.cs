namespace Nexus.Tests.FeatureFlags;

/// <summary>OpenFeature's own clients from npm evaluate flags of every type.</summary>
public sealed class OpenFeatureTests
{
    private const string Flags =
        """
        {
          "flags": {
            "bool": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
              "targeting": { "if": [{ "==": [{ "var": "plan" }, "pro"] }, "on", null] }, "metadata": { "team": "a", "weight": 7, "is_live": true } },
            "text": { "state": "ENABLED", "variants": { "hello": "Grüße 👋" }, "defaultVariant": "hello" },
            "integer": { "state": "ENABLED", "variants": { "big": 9007199254740991 }, "defaultVariant": "big" },
            "float": { "state": "ENABLED", "variants": { "pi": 3.14159, "e": 2.71828 }, "defaultVariant": "e", "targeting": { "if": [{ "$ref": "pro" }, "pi"] } },
            "object": { "state": "ENABLED", "variants": { "all": { "a": { "b": [1, null, "c"] } } }, "defaultVariant": "all" },
            "split": { "state": "ENABLED", "variants": { "left": "l", "right": "r", "none": "n" }, "defaultVariant": "none", "targeting": { "fractional": [["left", 1], ["right", 0]] } },
            "broken": { "state": "ENABLED", "variants": { "a": "a" }, "defaultVariant": "a", "targeting": { "var": "plan" } },
            "undecided": { "state": "ENABLED", "variants": { "a": "a" } },
            "off": { "state": "DISABLED", "variants": { "on": true }, "defaultVariant": "on" }
          },
          "$evaluators": { "pro": { "==": [{ "var": "plan" }, "pro"] } }
        }
        """;

    private static readonly object _pro = new { targetingKey = "u-1", plan = "pro" };
    private static readonly object _free = new { targetingKey = "u-1" };

    [Theory, Engines]
    public async Task Server_SDK_evaluates_all_types(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = await Writer(host);
        using var viewer = admin.Colleague("viewer");
        await using var client = await OpenFeatureClient.ServerAsync(host, viewer);
        (await client.Evaluate("bool", false, _pro)).ShouldBe("True on TARGETING_MATCH");
        (await client.Evaluate("bool", true, _free)).ShouldBe("False off DEFAULT");
        (await client.Evaluate("float", 0.5, _pro)).ShouldBe("3.14159 pi TARGETING_MATCH");
        (await client.Evaluate("float", 0.5)).ShouldBe("2.71828 e DEFAULT");
        await EvaluatesFlagsWithoutTargeting(client);
        (await client.Evaluate("split", "", _pro)).ShouldBe("l left TARGETING_MATCH");
        (await client.Evaluate("split", "", new { plan = "pro" })).ShouldBe("n none DEFAULT");
        (await client.Evaluate("nobody", "mine")).ShouldBe("mine ERROR FLAG_NOT_FOUND");
        (await client.Evaluate("text", 1)).ShouldBe("1 ERROR TYPE_MISMATCH");
        (await client.Evaluate("broken", "mine", _pro)).ShouldBe("mine ERROR GENERAL");
        var details = await client.Details("bool", false, _pro);
        details.GetProperty("flagMetadata")
            .GetRawText()
            .ShouldBe("""{"is_live":true,"team":"a","weight":7,"layer":"tenant","version":1,"logSize":1}""");
    }

    [Theory, Engines]
    public async Task Server_SDK_reads_no_flags_without_access_to_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = await Writer(host);
        using var other = Caller.Create(host, "owner");
        await using var nobody = await OpenFeatureClient.ServerAsync(host, admin, ("Authorization", "Bearer wrong"));
        (await nobody.Evaluate("text", "mine")).ShouldBe("mine ERROR GENERAL");
        (await nobody.Hear("401")).GetProperty("path").GetString().ShouldBe("/ofrep/v1/evaluate/flags/text");
        await using var stranger = await OpenFeatureClient.ServerAsync(host, other, ("X-Tenant-Id", admin.Tenant));
        (await stranger.Evaluate("text", "mine")).ShouldBe("mine ERROR GENERAL");
        (await stranger.Hear("403")).GetProperty("path").GetString().ShouldBe("/ofrep/v1/evaluate/flags/text");
        await using var elsewhere = await OpenFeatureClient.ServerAsync(host, other);
        (await elsewhere.Evaluate("text", "mine", new { tenant_id = admin.Tenant })).ShouldBe("mine ERROR FLAG_NOT_FOUND");
        (await elsewhere.Evaluate("ws_enabled", true)).ShouldBe("False off STATIC");
    }

    [Theory, Engines]
    public async Task Web_SDK_evaluates_all_types_and_reevaluates_on_context_change(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = await Writer(host);
        using var viewer = admin.Colleague("viewer");
        var (client, thrown) = await OpenFeatureClient.WebAsync(host, viewer, _pro);
        await using var _ = client;
        thrown.ShouldBeNull();
        await client.Hear("PROVIDER_READY");
        (await client.Evaluate("bool", false)).ShouldBe("True on TARGETING_MATCH");
        (await client.Evaluate("float", 0.5)).ShouldBe("3.14159 pi TARGETING_MATCH");
        await EvaluatesFlagsWithoutTargeting(client);
        (await client.Evaluate("split", "")).ShouldBe("l left TARGETING_MATCH");
        (await client.Evaluate("undecided", "mine")).ShouldBe("mine DEFAULT");
        (await client.Evaluate("off", true)).ShouldBe("True DISABLED");
        (await client.Evaluate("nobody", "mine")).ShouldBe("mine ERROR FLAG_NOT_FOUND");
        (await client.Evaluate("text", 1)).ShouldBe("1 ERROR TYPE_MISMATCH");
        (await client.Evaluate("broken", "mine")).ShouldBe("mine ERROR GENERAL");
        (await client.Details("bool", false)).GetProperty("flagMetadata")
            .GetRawText()
            .ShouldBe("""{"is_live":true,"team":"a","weight":7,"layer":"tenant","version":1,"logSize":1}""");
        await client.Context(new { plan = "free" });
        (await client.Evaluate("bool", true)).ShouldBe("False off DEFAULT");
        (await client.Evaluate("split", "")).ShouldBe("n none DEFAULT");
    }

    [Theory, Engines]
    public async Task Web_SDK_polls_with_ETag_and_sees_changed_flag(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = await Writer(host);
        var (client, _) = await OpenFeatureClient.WebAsync(host, admin, _free, new { pollInterval = 50 });
        await using var __ = client;
        var first = await client.Hear("200");
        (await client.Hear("304")).GetProperty("known").GetString().ShouldBe(first.GetProperty("etag").GetString());
        (await admin.Json(
            "PUT",
            "/feature-flags/definitions/text",
            """{"state":"ENABLED","variants":{"bye":"Tschüß"},"defaultVariant":"bye"}""")).Ok();
        (await client.Hear("PROVIDER_CONFIGURATION_CHANGED")).GetProperty("flags").GetRawText().ShouldBe("""["text"]""");
        (await client.Evaluate("text", "")).ShouldBe("Tschüß bye STATIC");
        await client.Hear("304");
    }

    [Theory, Engines]
    public async Task Web_SDK_receives_flag_change_from_event_stream(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = await Writer(host);
        (await admin.Json("PUT", "/feature-flags", """{"sse_enabled":true}""")).Ok();
        var (client, _) = await OpenFeatureClient.WebAsync(host, admin, _free);
        await using var __ = client;
        for (var turn = 0; turn < 3; turn++)
        {
            (await admin.Json(
                "PUT",
                "/feature-flags/definitions/text",
                $$"""{"state":"ENABLED","variants":{"v":"{{turn}}"},"defaultVariant":"v"}""")).Ok();
            (await client.Hear("PROVIDER_CONFIGURATION_CHANGED")).GetProperty("flags").GetRawText().ShouldBe("""["text"]""");
            (await client.Evaluate("text", "")).ShouldBe($"{turn} v STATIC");
        }
    }

    [Theory, Engines]
    public async Task Web_SDK_is_not_ready_without_access_to_tenant(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = await Writer(host);
        using var other = Caller.Create(host, "owner");
        foreach (var (caller, header) in ((Caller, (string, string))[])
        [
            (admin, ("Authorization", "Bearer wrong")), (other, ("X-Tenant-Id", admin.Tenant)),
        ])
        {
            var (client, thrown) = await OpenFeatureClient.WebAsync(host, caller, _free, null, header);
            await using var _ = client;
            thrown.ShouldBe("PROVIDER_FATAL");
            await client.Hear("PROVIDER_ERROR");
            (await client.Evaluate("text", "mine")).ShouldBe("mine ERROR PROVIDER_FATAL");
        }
    }

    private static async Task EvaluatesFlagsWithoutTargeting(OpenFeatureClient client)
    {
        (await client.Evaluate("text", "")).ShouldBe("Grüße 👋 hello STATIC");
        (await client.Evaluate("integer", 0)).ShouldBe("9007199254740991 big STATIC");
        (await client.Evaluate("object", new { })).ShouldBe("""{"a":{"b":[1,null,"c"]}} all STATIC""");
        (await client.Evaluate("replay_mode", "")).ShouldBe("off off STATIC");
    }

    private static async Task<Caller> Writer(NexusHost host)
    {
        var admin = Caller.Create(host, "admin");
        (await admin.Json("POST", "/feature-flags/definitions", Flags)).Ok().GetProperty("imported").GetInt32().ShouldBe(9);
        return admin;
    }
}
