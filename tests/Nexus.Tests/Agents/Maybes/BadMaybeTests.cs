using System.Text.Json;

namespace Nexus.Tests.Agents.Maybes;

/// <summary>Items that violate a rule are rejected and change nothing.</summary>
public sealed class BadMaybeTests
{
    [Theory, Engines]
    public async Task Invalid_item_is_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var before = await member.State();
        string[] invalid =
        [
            """{"title":"t","body":"b"}""", """{"space":"s","body":"b"}""", """{"space":"s","title":"t"}""", "[]", "1", "null",
            .. new[]
            {
                """{"space":""}""", """{"space":null}""", """{"space":1}""", """{"space":"a\nb"}""", """{"title":""}""", """{"title":null}""", """{"title":["x"]}""", """{"body":null}""", """{"body":{}}""",
                """{"tags":"a,b"}""", """{"tags":{"a":1}}""", """{"tags":[1]}""", """{"tags":[null]}""", """{"tags":[""]}""", """{"tags":["a,b"]}""", """{"tags":["a\nb"]}""", """{"tags":[["a"]]}""",
                """{"source_type":"robot"}""", """{"source_type":"Agent"}""", """{"source_type":""}""", """{"source_type":1}""", """{"source_engine":""}""", """{"source_engine":1}""",
                """{"source_ref":[]}""", """{"source_ref":"x"}""", """{"pinned":"true"}""", """{"pinned":1}""", """{"archived":"no"}""", """{"user_id":""}""", """{"user_id":1}""",
                """{"id":"x"}""", """{"created_at":"2020-01-01T00:00:00Z"}""", """{"updated_at":null}""", """{"content":"x"}""", """{"Title":"x"}""", """{"subject_id":"u"}""",
                $$"""{"space":"{{new string('x', 201)}}"}""", $$"""{"title":"{{new string('x', 501)}}"}""", $$"""{"body":"{{new string('x', (256 << 10) + 1)}}"}""", $$"""{"body":"{{new string('ü', (128 << 10) + 1)}}"}""",
                $$"""{"tags":["{{new string('x', 101)}}"]}""", $$"""{"tags":{{JsonSerializer.Serialize(Enumerable.Range(0, 51).Select(at => $"{at}"))}}}""",
                $$$"""{"source_ref":{"a":"{{{new string('x', 16 << 10)}}}"}}""",
            }.Select(Maybe.Body),
        ];
        var wrong = await WrongAsync(invalid, body => member.Json("POST", Maybe.Items, body), "422 body.invalid");
        wrong.AddRange(
            await WrongAsync(
                ["", "{", "{\"title\":\"\\u0000\"}", "{\"title\":\"a\",\"title\":\"b\"}", "{\"title\":\"\\ud800\"}"],
                body => member.Json("POST", Maybe.Items, body),
                "400 json.malformed"));
        wrong.AddRange(
            await WrongAsync(
                ["""{"env":"dev"}""", """{"tenant_id":"t_other"}"""],
                body => member.Json("POST", Maybe.Items, Maybe.Body(body)),
                "400 context.mismatch"));
        wrong.ShouldBeEmpty();
        (await member.Text("POST", Maybe.Items, Maybe.Body())).Refused(415, "body.content_type");
        (await member.State()).ShouldBe(before);
    }

    [Theory, Engines]
    public async Task Invalid_change_is_rejected(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var id = await member.Add();
        var before = await member.State();
        string[] invalid =
        [
            """{"title":""}""", """{"title":1}""", """{"body":[]}""", """{"tags":"a"}""", """{"tags":[null]}""", """{"tags":["a,b"]}""",
            """{"pinned":0}""", """{"archived":"x"}""",
            """{"space":"b"}""", """{"user_id":"u"}""", """{"source_type":"user"}""", """{"source_ref":{}}""", """{"id":"x"}""",
            """{"titel":"x"}""", "[]", "\"x\"",
            $$"""{"title":"{{new string('x', 501)}}"}""", $$"""{"body":"{{new string('x', (256 << 10) + 1)}}"}""",
        ];
        (await WrongAsync(invalid, body => member.Json("PATCH", $"{Maybe.Items}/{id}", body), "422 body.invalid")).ShouldBeEmpty();
        (await member.Json("PATCH", $"{Maybe.Items}/{id}", "{")).Refused(400, "json.malformed");
        (await member.Json("PATCH", $"{Maybe.Items}/{id}", "")).Refused(400, "json.malformed");
        (await member.Json("PUT", $"{Maybe.Items}/{id}", Maybe.Body())).Refused(405, "route.method");
        (await member.State()).ShouldBe(before);
        (await member.Titles()).ShouldBe(["one"]);
    }

    [Theory, Engines]
    public async Task Malformed_id_returns_404(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        foreach (var id in new[]
        {
            "x",
            "%25",
            "'%20or%201=1",
            new string('x', 3_000),
            "a%E2%80%AEb",
            "0190A000-0000-7000-8000-000000000000",
        })
        {
            (await member.Get($"{Maybe.Items}/{id}")).Refused(404, "not_found");
            (await member.Delete($"{Maybe.Items}/{id}")).Refused(404, "not_found");
        }

        (await member.Get($"{Maybe.Items}/a%00b")).Status.ShouldBeInRange(400, 499);
        (await member.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Disabled_action_returns_403(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        using var admin = member.Colleague("admin");
        var id = await member.Add();
        (await admin.Json("PUT", "/kill-switches", """{"disabled_actions":["maybes_create","maybes_update","maybes_delete"]}""")).Ok();
        (await member.Json("POST", Maybe.Items, Maybe.Body())).Refused(403, "kill_switch.blocked");
        (await member.Json("PATCH", $"{Maybe.Items}/{id}", "{}")).Refused(403, "kill_switch.blocked");
        (await member.Delete($"{Maybe.Items}/{id}")).Refused(403, "kill_switch.blocked");
        (await member.Titles()).ShouldBe(["one"]);
    }

    private static async Task<List<string>> WrongAsync(IEnumerable<string> bodies, Func<string, Task<Reply>> send, string answer)
    {
        var wrong = new List<string>();
        foreach (var body in bodies)
        {
            if (await send(body) is var reply && reply.ToString() != answer)
            {
                wrong.Add($"{body[..Math.Min(body.Length, 80)]}: {reply}, not {answer}");
            }
        }

        return wrong;
    }
}
