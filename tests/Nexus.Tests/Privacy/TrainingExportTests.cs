using System.Text;
using System.Text.Json;
using Nexus.Merkle;


namespace Nexus.Tests.Privacy;

/// <summary><c>GET /privacy/training-export</c>: exactly what may be used for training.</summary>
public sealed class TrainingExportTests
{
    private const string Path = "/privacy/training-export";

    [Theory, Engines]
    public async Task Export_requires_admin_and_is_logged(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        using var member = admin.Colleague("member");
        using var stranger = Caller.Create(host, "owner");
        (await member.Get(Path)).Refused(403, "auth.role");
        (await admin.Get(Path, ("Authorization", null))).Refused(401, "auth.missing");
        (await stranger.Get(Path, ("X-Tenant-Id", admin.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await admin.Get(Path + "?env=dev")).Refused(400, "context.mismatch");
        (await admin.Get(Path + "?shape=csv")).Refused(422, "shape.invalid");
        (await admin.Get(Path + "?after=-2")).Refused(422, "after.invalid");
        (await admin.Get(Path + "?after=x")).Status.ShouldBe(400);
        (await admin.Get(Path + "?from=yesterday")).Status.ShouldBe(400);
        (await admin.EventTypes()).ShouldBeEmpty();
        var (lines, manifest) = Read(await admin.Get(Path + "?surface=nexus"));
        lines.ShouldBeEmpty();
        manifest.GetProperty("query").GetRawText().ShouldBe("""{"shape":"events","surface":"nexus"}""");
        (await admin.EventTypes()).ShouldBe(["training_exported"]);
    }

    [Theory, Engines]
    public async Task Export_holds_trainable_events_and_manifest_counts_exclusions(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        using var other = Caller.Create(await NexusHost.SharedAsync(engine), "member", member.Tenant, user: "u_other_" + member.Tenant);
        await Own(member, "one");
        await Own(other, "two");
        await Own(admin, "about", other.User);
        await Prefer(other, true);
        await Own(other, "three");
        await Prefer(other, false);
        await Own(other, "four");
        await Prefer(member, true);
        var (lines, manifest) = Read(await admin.Get(Path + "?surface=chat"));
        lines.Select(line => line.GetProperty("input").GetProperty("text").GetString()).ShouldBe(["two", "about", "four"]);
        lines[0].EnumerateObject().Select(field => field.Name).ShouldContain("leaf_hash");
        manifest.GetProperty("lines").GetInt64().ShouldBe(3);
        manifest.GetProperty("excluded").GetRawText().ShouldBe("""{"user":1,"user_since":1}""");
        await Prefer(other, true);
        Read(await admin.Get(Path + "?surface=chat")).Lines.ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Messages_shape_holds_prompt_and_answer(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        await Own(member, "ping");
        await Post(
            member,
            """{"surface":"chat","input":{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hello"}]},"output":{"content":"hi"}}""");
        await Post(member, """{"surface":"chat","input":{"messages":[{"role":"wizard","content":"x"}]},"output":{"content":"hi"}}""");
        await Post(member, """{"surface":"chat","input":{"prompt":"no answer"}}""");
        var (lines, manifest) = Read(await admin.Get(Path + "?shape=messages&surface=chat"));
        lines.Select(line => line.GetProperty("messages").GetRawText()).ShouldBe(
        [
            """[{"role":"user","content":"ping"},{"role":"assistant","content":"pong"}]""",
            """[{"role":"system","content":"Be brief."},{"role":"user","content":"hello"},{"role":"assistant","content":"hi"}]""",
        ]);
        manifest.GetProperty("excluded").GetRawText().ShouldBe("""{"no_messages":2}""");
    }

    [Theory, Engines]
    public async Task Export_resumes_after_given_seq(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        for (var i = 0; i < 150; i++)
        {
            await Own(member, $"{i}");
        }

        var (all, _) = Read(await admin.Get(Path + "?surface=chat"));
        all.Count.ShouldBe(150);
        var (rest, manifest) = Read(await admin.Get($"{Path}?surface=chat&after={all[99].GetProperty("seq").GetInt64()}"));
        rest.Select(line => line.GetRawText()).ShouldBe(all.Skip(100).Select(line => line.GetRawText()));
        manifest.GetProperty("lines").GetInt64().ShouldBe(50);
        var middle = Uri.EscapeDataString(all[50].GetProperty("recorded_at").GetString()!);
        Read(await admin.Get($"{Path}?event_type=event_recorded&to={middle}")).Lines.Count.ShouldBeInRange(1, 50);
    }

    [Theory, Engines]
    public async Task Each_line_has_valid_inclusion_proof(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        for (var i = 0; i < 20; i++)
        {
            await Own(member, $"{i}");
        }

        var (lines, manifest) = Read(await admin.Get(Path + "?surface=chat&proofs=true"));
        lines.Count.ShouldBe(20);
        var checkpoint = Checkpoint.Parse(SignedNote.Parse(manifest.GetProperty("checkpoint").GetString()!).Text);
        foreach (var line in lines)
        {
            var proof = line.GetProperty("proof");
            var leaf = TreeHash.Leaf(Encoding.UTF8.GetBytes(proof.GetProperty("entry").GetString()!));
            var hashes = proof.GetProperty("hashes").EnumerateArray().Select(hash => hash.GetBytesFromBase64()).ToArray();
            new InclusionProof(line.GetProperty("seq").GetInt64(), checkpoint.Size, hashes).Verify(leaf, checkpoint.Root).ShouldBeTrue();
        }
    }

    [Theory, Engines]
    public async Task Export_after_acknowledged_opt_out_excludes_person(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var admin = Caller.Create(host, "admin");
        for (var round = 0; round < 50; round++)
        {
            using var person = Caller.Create(host, "member", admin.Tenant, user: $"u_{round}_{admin.Tenant}");
            var writing = Enumerable.Range(0, 3).Select(i => Own(person, $"{round} {i}")).ToArray();
            await writing[round % 3];
            await Prefer(person, true);
            var (lines, _) = Read(await admin.Get(Path + "?surface=chat"));
            await Task.WhenAll(writing);
            lines.ShouldAllBe(line => line.GetProperty("agentId").GetString() != person.User);
            Read(await admin.Get(Path + "?surface=chat")).Lines.ShouldAllBe(line => line.GetProperty("agentId").GetString() != person.User);
        }
    }

    private static Task Own(Caller caller, string text, string? subject = null) => Post(
        caller,
        $$"""{"surface":"chat","input":{"text":"{{text}}"},"output":{"text":"pong"},"analytics_event_type":"chat"{{(subject is null ? "" : $",\"subject_id\":\"{subject}\"")}}}""");

    private static async Task Post(Caller caller, string json) => (await caller.Json("POST", "/events", json)).Ok();

    private static async Task Prefer(Caller caller, bool optOut) =>
        (await caller.Json(
            "POST",
            "/privacy/train-prefs/user",
            $$"""{"user_id":"{{caller.User}}","opt_out":{{(optOut ? "true" : "false")}}}""")).Ok();

    private static (List<JsonElement> Lines, JsonElement Manifest) Read(Reply reply)
    {
        reply.Status.ShouldBe(200, reply.Body);
        var lines = reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        return (lines[..^1], lines[^1].GetProperty("manifest"));
    }
}
