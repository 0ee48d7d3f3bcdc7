using System.Text.Json;

namespace Nexus.Tests.Privacy;

/// <summary><c>/privacy/train-prefs</c>, and the events that follow the preferences.</summary>
public sealed class PreferenceRouteTests
{
    private const string TenantPath = "/privacy/train-prefs/tenant";
    private const string UserPath = "/privacy/train-prefs/user";
    private const string OptOut = """{"opt_out":true}""";
    private const string OptIn = """{"opt_out":false}""";

    [Theory, Engines]
    public async Task Tenant_opt_out_requires_admin(string engine)
    {
        using var admin = Caller.Create(await NexusHost.SharedAsync(engine), "admin");
        foreach (var role in (string[])["viewer", "member"])
        {
            using var weak = admin.Colleague(role);
            (await weak.Json("POST", TenantPath, OptOut)).Refused(403, "auth.role");
        }

        (await admin.Json("POST", TenantPath, OptOut, ("Authorization", null))).Refused(401, "auth.missing");
        (await admin.EventTypes()).ShouldBeEmpty();
        var said = await admin.Json("POST", TenantPath, OptOut);
        said.Ok()
            .EnumerateObject()
            .Select(field => field.Name)
            .ShouldBe(["tenant_id", "env", "user_id", "opt_out", "version", "updated_at", "updated_by"]);
        said["ETag"].ShouldBe("\"1\"");
        said.Json.GetProperty("user_id").ValueKind.ShouldBe(JsonValueKind.Null);
        said.Json.GetProperty("updated_by").GetString().ShouldBe(admin.User);
        using var owner = admin.Colleague("owner");
        (await owner.Json("POST", TenantPath, OptIn)).Ok().GetProperty("version").GetInt64().ShouldBe(2);
        (await admin.EventTypes()).ShouldBe(["training_preference_updated", "training_preference_updated"]);
    }

    [Theory, Engines]
    public async Task User_opt_out_is_validated(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var admin = member.Colleague("admin");
        using var viewer = member.Colleague("viewer");
        using var stranger = Caller.Create(host);
        (await member.Json("POST", UserPath, Word(admin.User, true))).Refused(403, "privacy.not_own");
        (await admin.Json("POST", UserPath, Word(member.User, true))).Refused(403, "privacy.not_own");
        (await admin.Json("POST", UserPath, Word("nobody-knows", true))).Refused(403, "privacy.not_own");
        (await viewer.Json("POST", UserPath, Word(viewer.User, true))).Refused(403, "auth.role");
        (await member.Json("POST", UserPath, Word(member.User, true), ("X-Tenant-Id", stranger.Tenant))).Refused(
            403,
            "auth.tenant_mismatch");
        string[] mismatched =
        [
            $$"""{"user_id":"{{member.User}}","opt_out":true,"tenant_id":"{{stranger.Tenant}}"}""",
            $$"""{"user_id":"{{member.User}}","opt_out":true,"env":"dev"}""",
        ];
        foreach (var body in mismatched)
        {
            (await member.Json("POST", UserPath, body)).Refused(400, "context.mismatch");
        }

        string[] wrong =
        [
            $$"""{"user_id":"{{member.User}}","opt_out":"true"}""", $$"""{"user_id":"{{member.User}}","opt_out":1}""",
            $$"""{"user_id":"{{member.User}}","opt_out":null}""",
            $$"""{"user_id":"{{member.User}}"}""", """{"opt_out":true}""", """{"user_id":"","opt_out":true}""",
            """{"user_id":7,"opt_out":true}""",
            $$"""{"user_id":"{{new string('u', 201)}}","opt_out":true}""", $$"""{"user_id":"{{member.User}}","opt_out":true,"version":3}""",
            "{}", "null", "[]",
        ];
        foreach (var body in wrong)
        {
            (await member.Json("POST", UserPath, body)).Status.ShouldBe(422, body);
        }

        (await member.Json("POST", UserPath, """{"user_id":""")).Refused(400, "json.malformed");
        (await member.Text("POST", UserPath, Word(member.User, true))).Status.ShouldBe(415);
        (await member.EventTypes()).ShouldBeEmpty();
        (await member.Json(
            "POST",
            UserPath,
            $$"""{"user_id":"{{member.User}}","opt_out":true,"tenant_id":"{{member.Tenant}}","env":"PROD"}""")).Ok()
            .GetProperty("user_id")
            .GetString()
            .ShouldBe(member.User);
    }

    [Theory, Engines]
    public async Task Logging_respects_prefs(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var other = member.Colleague("member");
        using var admin = member.Colleague("admin");
        var another = Caller.Create(await NexusHost.SharedAsync(engine), "member", member.Tenant, user: "u_second_" + member.Tenant);
        await member.Card();
        (await member.Json("POST", UserPath, Word(member.User, true))).Ok();
        await member.Card();
        await another.Card();
        (await admin.Json("POST", TenantPath, OptOut)).Ok();
        await another.Card();
        (await another.Json("POST", UserPath, Word(another.User, false))).Ok();
        await another.Card();
        await About(another, member.User);
        await About(another, "u_nobody");
        (await member.Json("POST", UserPath, Word(member.User, false))).Ok();
        await member.Card();
        (await member.Events()).Where(recorded => Caller.TypeOf(recorded) != "training_preference_updated")
            .Select(recorded => $"{recorded.TrainOk} {recorded.TrainBasis}")
            .ShouldBe(
        [
            "True default", "False user@1", "True default", "False tenant@1", "True user@1", "False user@1", "True user@1", "True user@2",
        ]);
        using var elsewhere = member.Colleague("member", "dev");
        await elsewhere.Card();
        (await elsewhere.Events()).ShouldHaveSingleItem().TrainBasis.ShouldBe("default");
        another.Dispose();
    }

    [Theory, Engines]
    public async Task If_Match_prevents_lost_updates(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        (await member.Json("POST", UserPath, Word(member.User, true), ("If-Match", "\"1\""))).Refused(412, "precondition.failed");
        (await member.Json("POST", UserPath, Word(member.User, true), ("If-Match", "\"0\""))).Ok();
        (await member.Json("POST", UserPath, Word(member.User, false), ("If-Match", "\"0\""))).Refused(412, "precondition.failed");
        (await member.Json("POST", UserPath, Word(member.User, false), ("If-Match", "1"))).Refused(400, "precondition.invalid");
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => member.Json("POST", UserPath, Word(member.User, false), ("If-Match", "\"1\""))));
        replies.Count(reply => reply.Status == 200).ShouldBe(1);
        (await member.EventTypes()).Length.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Users_read_own_preferences_and_admins_read_others(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var viewer = member.Colleague("viewer");
        using var admin = member.Colleague("admin");
        Read(await viewer.Get("/privacy/train-prefs")).ShouldBe("True");
        (await member.Json("POST", UserPath, Word(member.User, false))).Ok();
        (await admin.Json("POST", TenantPath, OptOut)).Ok();
        Read(await member.Get("/privacy/train-prefs")).ShouldBe($"True {member.User}:False :True");
        Read(await viewer.Get("/privacy/train-prefs")).ShouldBe("False :True");
        Read(await viewer.Get($"/privacy/train-prefs?user_id={viewer.User}")).ShouldBe("False :True");
        (await viewer.Get($"/privacy/train-prefs?user_id={member.User}")).Refused(403, "auth.role");
        (await member.Get($"/privacy/train-prefs?user_id={viewer.User}")).Refused(403, "auth.role");
        Read(await admin.Get($"/privacy/train-prefs?user_id={member.User}")).ShouldBe($"True {member.User}:False :True");
        Read(await admin.Get("/privacy/train-prefs?user_id=u_nobody")).ShouldBe("False :True");
        (await admin.Get("/privacy/train-prefs?user_id=")).Status.ShouldBe(422);
        using var stranger = Caller.Create(host, "admin");
        Read(await stranger.Get($"/privacy/train-prefs?user_id={member.User}")).ShouldBe("True");
    }

    [Theory, Engines]
    public async Task Preference_changes_are_logged_and_survive_restart(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var member = Caller.Create(host);
        (await member.Json("POST", UserPath, Word(member.User, true))).Ok();
        (await member.Json("POST", UserPath, Word(member.User, false))).Ok();
        (await member.Json("POST", UserPath, Word(member.User, true))).Ok();
        var last = (await member.Events())[^1];
        last.Output!.Value.GetRawText().ShouldBe("""{"after":{"opt_out":true,"version":3},"before":{"opt_out":false,"version":2}}""");
        last.Metadata.GetRawText().ShouldNotContain(member.User);
        await host.StartAgainAsync();
        using var again = member.On(host);
        await again.Card();
        (await again.Events())[^1].TrainBasis.ShouldBe("user@3");
        member.Dispose();
    }

    [Theory, Engines]
    public async Task Tenant_0_preference_applies_where_tenant_has_none(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var system = Caller.Create(host, "owner", "t_system");
        using var member = Caller.Create(host);
        using var admin = member.Colleague("admin");
        using var dev = member.Colleague("member", "dev");
        await member.Card();
        (await system.Json("POST", TenantPath, OptOut)).Ok();
        await member.Card();
        await dev.Card();
        Read(await member.Get("/privacy/train-prefs")).ShouldBe("False :True");
        (await member.Get("/privacy/train-prefs")).Body.ShouldNotContain(system.User);
        (await admin.Json("POST", TenantPath, OptIn)).Ok();
        await member.Card();
        (await system.Json("POST", TenantPath, OptIn)).Ok();
        (await member.Events()).Select(recorded => $"{recorded.TrainOk} {recorded.TrainBasis}")
            .ShouldBe(["True default", "False tenant_0@1", "False tenant_0@1", "True tenant@1"]);
        (await dev.Events()).ShouldHaveSingleItem().TrainBasis.ShouldBe("default");
        (await system.Events()).Select(recorded => recorded.TrainBasis).Last().ShouldBe("tenant@1");
    }

    private static string Word(string userId, bool optOut) =>
        $$"""{"user_id":{{JsonSerializer.Serialize(userId)}},"opt_out":{{(optOut ? "true" : "false")}}}""";

    private static async Task About(Caller caller, string subject) =>
        (await caller.Json(
            "POST",
            "/nexus/memory/session/s-" + subject + "/turn",
            $$"""{"role":"user","content":"x","subject_id":"{{subject}}"}""")).Ok();

    private static string Read(Reply reply)
    {
        var said = reply.Ok();
        var words = said.GetProperty("preferences")
            .EnumerateArray()
            .Select(preference => $" {preference.GetProperty("user_id").GetString()}:{preference.GetProperty("opt_out").GetBoolean()}");
        return said.GetProperty("train_ok").GetBoolean() + string.Concat(words);
    }
}
