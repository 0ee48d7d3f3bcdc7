using System.Text.Json;
using Nexus.Tests.Privacy;

namespace Nexus.Tests.FeatureFlags;

/// <summary><c>/feature-flags/definitions</c>: flags in flagd's format, layered, versioned, and validated before they are stored.</summary>
public sealed class FlagDefinitionRouteTests
{
    private const string Path = "/feature-flags/definitions/";
    private const string Beta =
        """{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"==":[{"var":"plan"},"pro"]},"on",null]}}""";

    [Theory, Engines]
    public async Task Tenant_can_override_global_flag_in_part_and_remove_override(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var system = Caller.Create(host, "admin", "t_system");
        using var admin = Caller.Create(host, "admin");
        (await system.Json("PUT", Path + "beta", Beta)).Refused(422, "flag.invalid").Json.GetProperty("errors")
            .EnumerateObject()
            .ShouldHaveSingleItem().Name.ShouldBe(
            "/applies_to");
        (await system.Json("PUT", Path + "beta", With(Beta, "applies_to", """["application"]"""))).Ok();
        Read(await admin.Get(Path + "beta")).ShouldBe("tenant-0 1 off");
        (await admin.Get(Path + "beta")).Json.TryGetProperty("updated_by", out _).ShouldBeFalse();
        Read(await admin.Json("PUT", Path + "beta", """{"defaultVariant":"on"}""")).ShouldBe("tenant 1 on");
        Read(await admin.Json("PUT", Path + "beta", """{"state":"DISABLED"}""")).ShouldBe("tenant 2 off");
        (await admin.Get(Path + "beta")).Json.GetProperty("change").GetRawText().ShouldBe("""{"state":"DISABLED"}""");
        Read(await admin.Json("PUT", Path + "beta", """{"state":"ENABLED","variants":{"big":2,"small":1},"defaultVariant":"big"}"""))
            .ShouldBe("tenant 3 big");
        Read(await system.Get(Path + "beta")).ShouldBe("tenant-0 1 off");
        (await admin.Delete(Path + "beta", ("If-Match", "\"2\""))).Refused(412, "precondition.failed");
        (await admin.Delete(Path + "beta", ("If-Match", "\"3\""))).Status.ShouldBe(204);
        (await admin.Delete(Path + "beta")).Refused(404, "not_found");
        Read(await admin.Get(Path + "beta")).ShouldBe("tenant-0 1 off");
        (await system.Delete(Path + "beta")).Status.ShouldBe(204);
        (await admin.Get(Path + "beta")).Refused(404, "not_found");
        (await admin.Json("PUT", Path + "beta", """{"defaultVariant":"on"}""")).Refused(422, "flag.invalid");
        (await admin.EventTypes()).ShouldBe(Enumerable.Repeat("feature_flags_updated", 4));
    }

    [Theory, Engines]
    public async Task Built_in_flags_can_be_changed_but_keep_their_variants(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        Read(await admin.Get(Path + "replay_mode")).ShouldBe("default 0 off");
        (await admin.Json("PUT", Path + "replay_mode", """{"defaultVariant":"stream"}""")).Ok();
        (await admin.Get("/feature-flags")).Ok().GetProperty("replay_mode").GetString().ShouldBe("stream");
        (await admin.Json("PUT", Path + "replay_mode", """{"state":"DISABLED"}""")).Ok();
        (await admin.Get("/feature-flags")).Ok().GetProperty("replay_mode").GetString().ShouldBe("off");
        (await admin.Json("PUT", Path + "replay_mode", """{"defaultVariant":"loud"}""")).Refused(422, "flag.invalid");
        (await admin.Json("PUT", Path + "replay_mode", Beta)).Refused(422, "flag.invalid");
        (await admin.Get("/feature-flags/definitions")).Ok()
            .GetProperty("items")
            .EnumerateArray()
            .Select(flag => flag.GetProperty("key").GetString())
            .ShouldBe(["gesture_logging", "replay_mode", "sse_enabled", "visibility_mode", "ws_enabled"]);
    }

    [Theory, Engines]
    public async Task Invalid_definition_returns_422_with_path_to_error(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        var deep = string.Concat(Enumerable.Repeat("""{"!":[""", 100)) + "true" + string.Concat(Enumerable.Repeat("]}", 100));
        (string Definition, string Path)[] wrong =
        [
            ("{}", "/variants"),
            ("""{"state":"ON","variants":{"a":1}}""", "/state"),
            ("""{"state":"ENABLED","variants":{"a":1,"b":"2"}}""", "/variants/b"),
            ("""{"state":"ENABLED","variants":{"a":1},"defaultVariant":"b"}""", "/defaultVariant"),
            (With(Beta, "targeting", """{"teleport":[1]}"""), "/targeting/teleport"),
            (With(Beta, "targeting", """{"$ref":"nobody"}"""), "/targeting"),
            (With(Beta, "targeting", """{"fractional":[["on",-1],["off",2147483648]]}"""), "/targeting/fractional"),
            (With(Beta, "color", "1"), "/color"),
        ];
        foreach (var (definition, path) in wrong)
        {
            var refused = (await admin.Json("PUT", Path + "x", definition)).Refused(422, "flag.invalid");
            refused.Json.GetProperty("errors")
                .EnumerateObject()
                .Select(error => error.Name)
                .ShouldContain(name => name.StartsWith(path, StringComparison.Ordinal), definition + refused.Body);
        }

        (await admin.Json("PUT", Path + "x", With(Beta, "targeting", deep))).Refused(400, "json.malformed");
        (await admin.Json("PUT", Path + "$evaluators", Beta)).Refused(422, "flag.invalid");
        (await admin.Json("PUT", Path + "$evaluators", """{"a":{"==":[1,1]}}""")).Refused(422, "flag.invalid");
        (await admin.Json("PUT", Path + new string('k', 256), Beta)).Refused(422, "flag.invalid");
        (await admin.Json("PUT", Path + "x", "[]")).Status.ShouldBe(422);
        (await admin.Json("PUT", Path + "x", "{")).Refused(400, "json.malformed");
        (await admin.Text("PUT", Path + "x", Beta)).Status.ShouldBe(415);
        (await admin.Json("PUT", "/feature-flags/evaluators", """{"a":{"$ref":"b"},"b":{"$ref":"a"}}""")).Refused(422, "flag.invalid");
        (await admin.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Import_is_all_or_nothing(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        var flags = Enumerable.Range(0, 10_000).ToDictionary(i => $"flag-{i:00000}", _ => JsonElement.Parse(Beta));
        var file = new Dictionary<string, object> { ["flags"] = flags };
        flags["flag-07777"] = JsonElement.Parse("""{"state":"ENABLED","variants":{},"defaultVariant":"x"}""");
        var refused = (await admin.Json("POST", "/feature-flags/definitions", JsonSerializer.Serialize(file))).Refused(422, "flag.invalid");
        refused.Json.GetProperty("errors")
            .EnumerateObject()
            .ShouldAllBe(error => error.Name.StartsWith("/flag-07777/", StringComparison.Ordinal));
        (await admin.EventTypes()).ShouldBeEmpty();
        (await admin.Get(Path + "flag-00000")).Refused(404, "not_found");
        flags["flag-07777"] = JsonElement.Parse(
            """{"state":"ENABLED","variants":{"x":{"$":1}},"defaultVariant":"x","targeting":{"$ref":"later"}}""");
        file["$evaluators"] = JsonElement.Parse("""{"later":{"if":[true,"x"]}}""");
        var imported = (await admin.Json("POST", "/feature-flags/definitions", JsonSerializer.Serialize(file))).Ok();
        imported.GetProperty("imported").GetInt32().ShouldBe(10_000);
        (await admin.EventTypes()).ShouldBe(["feature_flags_updated"]);
        Read(await admin.Get(Path + "flag-09999")).ShouldBe("tenant 1 off");
        (await admin.Get("/feature-flags/evaluators")).Ok().GetRawText().ShouldBe("""{"later":{"if":[true,"x"]}}""");
        (await admin.Json("PUT", "/feature-flags/evaluators", "{}")).Refused(422, "flag.invalid").Body.ShouldContain("flag-07777");
        string[] wrong =
        [
            "{}", """{"flags":{}}""", """{"flags":[]}""", """{"flags":{"a":1}}""", """{"flaggs":{}}""",
            """{"flags":{"$evaluators":{"a":true}}}""",
            """{"flags":{"..":{"state":"ENABLED","variants":{"a":1}}}}""",
            """{"flags":{"a%2fb":{"state":"ENABLED","variants":{"a":1}}}}""",
        ];
        foreach (var body in wrong)
        {
            (await admin.Json("POST", "/feature-flags/definitions", body)).Status.ShouldBe(422, body);
        }
    }

    [Theory, Engines]
    public async Task Flag_can_be_read_as_of_log_position_or_time(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var system = Caller.Create(host, "admin", "t_system");
        using var admin = Caller.Create(host, "admin");
        await admin.Card();
        (await system.Json("PUT", Path + "beta", With(Beta, "applies_to", """["application"]"""))).Ok();
        await admin.Card();
        (await admin.Json("PUT", Path + "beta", """{"defaultVariant":"on"}""")).Ok();
        (await admin.Delete(Path + "beta")).Status.ShouldBe(204);
        (await admin.Get(Path + "beta?at=0")).Refused(404, "not_found");
        Read(await admin.Get(Path + "beta?at=1")).ShouldBe("tenant-0 1 off");
        Read(await admin.Get(Path + "beta?at=2")).ShouldBe("tenant 1 on");
        Read(await admin.Get(Path + "beta?at=3")).ShouldBe("tenant-0 1 off");
        (await admin.Get(Path + "beta?at=4")).Refused(404, "not_found");
        var then = (await admin.Events())[2].RecordedAt;
        Read(await admin.Get(Path + "beta?at=" + Uri.EscapeDataString(then.ToString("O")))).ShouldBe("tenant 1 on");
        (await admin.Get(Path + "beta?at=2020-01-01")).Refused(404, "not_found");
        foreach (var wrong in (string[])["then", "1.5", "12:00", "", "-1", "99999999999999999999", "01/02/2026"])
        {
            (await admin.Get(Path + "beta?at=" + wrong)).Refused(422, "at.invalid");
        }
    }

    [Theory, Engines]
    public async Task Key_containing_slash_works_on_every_route(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Json("POST", "/feature-flags/definitions", $$$"""{"flags":{"a/b c":{{{Beta}}}}}""")).Ok();
        (await admin.Json("PUT", Path + "a%2fb%20c", """{"state":"ENABLED","variants":{"x":1},"defaultVariant":"x"}""")).Ok()
            .GetProperty("key")
            .GetString()
            .ShouldBe("a/b c");
        Read(await admin.Get(Path + "a%2Fb%20c")).ShouldBe("tenant 2 x");
        (await admin.Json("POST", "/ofrep/v1/evaluate/flags/a%2Fb%20c", "{}")).Ok().GetProperty("variant").GetString().ShouldBe("x");
        (await admin.Json("POST", Path + "a%2Fb%20c/explain", "{}")).Ok().GetProperty("key").GetString().ShouldBe("a/b c");
        (await admin.Delete(Path + "a%2Fb%20c")).Status.ShouldBe(204);
        (await admin.Get(Path + "a%2Fb%20c")).Refused(404, "not_found");
    }

    [Theory, Engines]
    public async Task Changed_evaluator_applies_to_flags_that_reference_it(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        (await admin.Json("PUT", "/feature-flags/evaluators", """{"grown":{">":[{"var":"age"},17]}}""")).Ok();
        (await admin.Json(
            "PUT",
            Path + "beer",
            """{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"$ref":"grown"},"on","off"]}}""")).Ok();
        (await Variant()).ShouldBe("on");
        (await admin.Json("PUT", Path + "other", Beta)).Ok();
        (await Variant()).ShouldBe("on");
        (await admin.Json("PUT", "/feature-flags/evaluators", """{"grown":{">":[{"var":"age"},20]}}""")).Ok();
        (await Variant()).ShouldBe("off");

        async Task<string?> Variant() =>
            (await admin.Json("POST", "/ofrep/v1/evaluate/flags/beer", """{"context":{"age":18}}""")).Ok()
                .GetProperty("variant")
                .GetString();
    }

    [Theory, Engines]
    public async Task Flags_exceeding_total_size_limit_are_rejected(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        var large = "[" + string.Join(',', Enumerable.Range(0, 3_000).Select(number => $$"""{"var":"a{{number}}"}""")) + "]";
        (await admin.Json("PUT", "/feature-flags/evaluators", $$$"""{"large":{"or":{{{large}}}}}""")).Ok();
        var flags = Enumerable.Range(0, 100).Select(number => $$$"""
            "flag-{{{number:000}}}":{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on","targeting":{"if":[{"$ref":"large"},"on"]}}
            """);
        var refused = (await admin.Json("POST", "/feature-flags/definitions", "{\"flags\":{" + string.Join(',', flags) + "}}")).Refused(
            422,
            "flag.invalid");
        refused.Json.GetProperty("errors").EnumerateObject().First().Name.ShouldBe("/flag-084");
        var references = string.Join(',', Enumerable.Range(0, 900).Select(number => $$"""
            "e{{number}}":{"$ref":"large"}
            """));
        (await admin.Json("PUT", "/feature-flags/evaluators", $$$"""{"large":{"or":{{{large}}}},{{{references}}}}""")).Refused(
            422,
            "flag.invalid").Body.ShouldContain(
            "together");
        (await admin.EventTypes()).ShouldBe(["feature_flags_updated"]);
    }

    [Theory, Engines]
    public async Task Every_version_counts_toward_storage_quota(string engine)
    {
        var host = await NexusHost.SharedAsync(
            engine,
            "flag quota",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Quotas:StorageBytes"] = "100000" });
        using var admin = Caller.Create(host, "admin");
        var large = $$"""{"state":"ENABLED","variants":{"a":"{{new string('x', 30_000)}}"},"defaultVariant":"a"}""";
        (await admin.Json("PUT", Path + "large", large)).Ok();
        (await admin.Json("PUT", Path + "large", large)).Refused(403, "quota.exceeded");
        Read(await admin.Get(Path + "large")).ShouldBe("tenant 1 a");
    }

    [Theory, Engines]
    public async Task Erased_author_is_no_longer_named(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var gone = Caller.Create(host, "admin", admin.Tenant, user: "u_gone_" + admin.Tenant);
        (await gone.Json("PUT", Path + "beta", Beta)).Ok();
        (await admin.Get(Path + "beta")).Ok().GetProperty("updated_by").GetString().ShouldBe(gone.User);
        await admin.Erased(gone.User);
        (await admin.Get(Path + "beta")).Ok().GetProperty("updated_by").GetString().ShouldBe("erased");
    }

    [Theory, Engines]
    public async Task Explain_lists_evaluation_steps(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        using var viewer = admin.Colleague("viewer");
        (await admin.Json("PUT", Path + "beta", Beta)).Ok();
        var explained = (await viewer.Json("POST", Path + "beta/explain", """{"context":{"plan":"pro"}}""")).Ok();
        (explained.GetProperty("value")
            .GetBoolean(), explained.GetProperty("variant").GetString(), explained.GetProperty("reason").GetString()).ShouldBe(
            (true, "on", "TARGETING_MATCH"));
        explained.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("operator").GetString()).ShouldContain("==");
        (await viewer.Json("POST", Path + "beta/explain", "{}")).Ok().GetProperty("reason").GetString().ShouldBe("DEFAULT");
        (await viewer.Json("POST", Path + "beta/explain", """{"context":[]}""")).Status.ShouldBe(422);
        (await viewer.Json("POST", Path + "nobody/explain", "{}")).Refused(404, "not_found");
    }

    private static string With(string definition, string name, string json)
    {
        var changed = System.Text.Json.Nodes.JsonNode.Parse(definition)!.AsObject();
        changed[name] = System.Text.Json.Nodes.JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 1000 });
        return changed.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000 });
    }

    private static string Read(Reply reply)
    {
        var flag = reply.Ok();
        return $"{flag.GetProperty("layer").GetString()} {flag.GetProperty("version").GetInt64()} {flag.GetProperty("definition").GetProperty("defaultVariant").GetString()}";
    }
}
