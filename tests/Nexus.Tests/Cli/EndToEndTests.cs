using System.Text.Json;
using System.Text.RegularExpressions;
using Nexus.Tests.Identity;

namespace Nexus.Tests.Cli;

/// <summary>The command line against the real server: what a person types, and what a script reads.</summary>
public sealed class EndToEndTests
{
    private const string Card =
        "---\ncard_type: runbook\ntitle: Restart the pump\nowner: ops\n---\nTurn the red valve, then restart the pump.\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task User_can_sign_in_add_search_and_pack(string engine)
    {
        using var command = await SignedInAsync(engine);
        var who = Json(await command.RunAsync("whoami"));
        who.GetProperty("memberships")[0].GetProperty("role").GetString().ShouldBe("owner");
        command.Write("pump.md", Card);

        var added = Json(await command.RunAsync("card", "add", Path.Combine(command.Folder, "pump.md")));
        var id = added.GetProperty("card_id").GetString()!;
        Json(await command.RunAsync("card", "get", id)).GetProperty("full_text").GetString().ShouldBe(Card);
        (await command.RunAsync("card", "get", id, "--text")).Out.ShouldBe(Card);
        Json(await command.RunAsync("card", "list", "--type", "runbook"))[0].GetProperty("card_id").GetString().ShouldBe(id);
        var found = Json(await command.RunAsync("search", "red", "valve", "--filter", "owner=ops", "--explain"));
        found[0].GetProperty("id").GetString().ShouldBe(id);
        found[0].GetProperty("explain").GetProperty("mode").GetString().ShouldBe("lexical");
        Json(await command.RunAsync("search", "valve", "--filter", "owner=dev")).GetArrayLength().ShouldBe(0);
        Json(await command.RunAsync("pack", "valve")).GetProperty("card_refs")[0].GetProperty("card_id").GetString().ShouldBe(id);
        (await command.RunAsync("pack", "valve", "--text")).Out.ShouldBe(
            $"[1] Source: card {id}\nTurn the red valve, then restart the pump.\n");
        Json(await command.RunAsync("runs", "--limit", "1"))[0].GetProperty("kind").GetString().ShouldBe("influence_pack");
        (await command.RunAsync("logout")).Exit.ShouldBe(0);
        (await command.RunAsync("card", "list")).Exit.ShouldBe(3);
    }

    [Theory, Engines]
    public async Task Table_output_is_human_readable(string engine)
    {
        using var command = await SignedInAsync(engine);
        command.Write("pump.md", Card);
        var (_, facts, _) = await command.RunAsync("card", "add", Path.Combine(command.Folder, "pump.md"), "-o", "table");
        facts.ShouldContain("Restart the pump");
        (await command.RunAsync("card", "list", "-o", "table")).Out.ShouldContain("Restart the pump");
        // In a small collection a score is far below 1, and still not nothing.
        Regex.IsMatch(
            (await command.RunAsync("search", "pump", "-o", "table")).Out,
            @"[1-9][0-9.E-]* +[0-9a-f]{8}-",
            RegexOptions.NonBacktracking)
            .ShouldBeTrue();
        (await command.RunAsync("pack", "pump", "-o", "table")).Out.ShouldContain("about 11 tokens");
        (await command.RunAsync("runs", "-o", "table")).Out.ShouldContain("card_ingest");
        (await command.RunAsync("whoami", "-o", "table")).Out.ShouldContain("(owner)");
    }

    [Theory, Engines]
    public async Task Import_stores_valid_files_and_reports_refused_ones(string engine)
    {
        using var command = await SignedInAsync(engine);
        for (var i = 0; i < 250; i++)
        {
            command.Write($"many/{i:000}.md", $"---\ncard_type: note\n---\nnumber {i}\n");
        }

        command.Write("bare.md", "no header at all");
        command.Write("broken.md", "---\na: [\n---\nx");
        var (exit, output, _) = await command.RunAsync("card", "import", command.Folder);
        exit.ShouldBe(1);
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("imported").GetArrayLength().ShouldBe(250);
        report.GetProperty("refused")
            .EnumerateArray()
            .Select(file => $"{Path.GetFileName(file.GetProperty("file").GetString())} {file.GetProperty("code")}")
            .ShouldBe(["bare.md card.separator", "broken.md card.yaml"]);
        Json(await command.RunAsync("card", "list", "--limit", "300")).GetArrayLength().ShouldBe(250);
        Json(await command.RunAsync("search", "number", "137"))[0].GetProperty("snippet").GetString()!.ShouldContain("137");
    }

    [Theory, Engines]
    public async Task Asset_can_be_put_listed_fetched_and_deleted(string engine)
    {
        using var command = await SignedInAsync(engine);
        command.Write("pump.md", Card);
        var put = Json(await command.RunAsync("asset", "put", Path.Combine(command.Folder, "pump.md")));
        var id = put.GetProperty("asset_id").GetString()!;
        put.GetProperty("content_type").GetString().ShouldBe("text/markdown");
        Json(await command.RunAsync("asset", "list", "--type", "text/markdown"))[0].GetProperty("asset_id").GetString().ShouldBe(id);
        var copy = Path.Combine(command.Folder, "copy.md");
        Json(await command.RunAsync("asset", "get", id, "--to", copy)).GetProperty("filename").GetString().ShouldBe("pump.md");
        (await File.ReadAllTextAsync(copy, Cancellation)).ShouldBe(Card);
        (await command.RunAsync("asset", "get", id, "--to", copy)).Exit.ShouldBe(2);
        (await command.RunAsync("asset", "list", "-o", "table")).Out.ShouldContain("pump.md");
        (await command.RunAsync("asset", "delete", id)).Exit.ShouldBe(0);
        await ShouldExitAsync(command, 4, "not_found", "asset", "get", id);
    }

    [Theory, Engines]
    public async Task Maybe_can_be_added_listed_edited_and_removed(string engine)
    {
        using var command = await SignedInAsync(engine);
        var added = Json(
            await command.RunWithInputAsync(
                "Turn the red valve.\n",
                "maybe",
                "add",
                "Restart the pump",
                "-",
                "--tag",
                "pump",
                "--tag",
                "ops"));
        var id = added.GetProperty("id").GetString()!;
        (added.GetProperty("space")
            .GetString(), added.GetProperty("source_type").GetString(), added.GetProperty("body").GetString()).ShouldBe(
            ("default", "user", "Turn the red valve.\n"));
        Json(await command.RunAsync("maybe", "add", "Another", "--space", "ideas", "--pinned"))
            .GetProperty("pinned")
            .GetBoolean()
            .ShouldBeTrue();
        Json(await command.RunAsync("maybe", "list")).GetArrayLength().ShouldBe(2);
        Json(await command.RunAsync("maybe", "list", "--limit", "1"))[0].GetProperty("title").GetString().ShouldBe("Another");
        Json(await command.RunAsync("maybe", "list", "--tag", "ops", "--search", "RED", "--space", "default"))[0].GetProperty("id")
            .GetString()
            .ShouldBe(id);
        (await command.RunAsync("maybe", "show", id, "--text")).Out.ShouldBe("Turn the red valve.\n");
        Json(await command.RunAsync("maybe", "edit", id, "--title", "Start the pump", "--no-tags", "--archived", "true"))
            .GetProperty("tags")
            .GetArrayLength()
            .ShouldBe(0);
        Json(await command.RunAsync("maybe", "edit", id)).GetProperty("body").GetString().ShouldBe("Turn the red valve.\n");
        Json(await command.RunAsync("maybe", "list"))[0].GetProperty("title").GetString().ShouldBe("Another");
        Json(await command.RunAsync("maybe", "list", "--archived"))[0].GetProperty("title").GetString().ShouldBe("Start the pump");
        Json(await command.RunAsync("maybe", "list", "--all")).GetArrayLength().ShouldBe(2);
        (await command.RunAsync("maybe", "list", "--all", "-o", "table")).Out.ShouldContain("archived");
        (await command.RunAsync("maybe", "show", id, "-o", "table")).Out.ShouldContain("Turn the red valve.");
        await ShouldExitAsync(command, 2, "client.usage", "maybe", "edit", id, "--no-tags", "--tag", "x");
        await ShouldExitAsync(command, 1, "body.invalid", "maybe", "add", "");
        (await command.RunAsync("maybe", "rm", id)).Exit.ShouldBe(0);
        await ShouldExitAsync(command, 4, "not_found", "maybe", "show", id);
    }

    [Theory, Engines]
    public async Task Flag_can_be_set_evaluated_exported_and_imported(string engine)
    {
        using var command = await SignedInAsync(engine);
        command.Write(
            "beta.json",
            """{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{"if":[{"==":[{"var":"plan"},"pro"]},"on",null]}}""");
        Json(await command.RunAsync("flag", "set", "beta", "--file", Path.Combine(command.Folder, "beta.json")))
            .GetProperty("version")
            .GetInt64()
            .ShouldBe(1);
        Json(await command.RunAsync("flag", "eval", "beta", "--context", """{"plan":"pro"}"""))
            .GetProperty("variant")
            .GetString()
            .ShouldBe("on");
        (await command.RunAsync("flag", "eval", "beta", "-o", "table")).Out.ShouldContain("DEFAULT");
        Json(await command.RunAsync("flag", "set", "replay_mode", "--default", "stream"))
            .GetProperty("layer")
            .GetString()
            .ShouldBe("tenant");
        Json(await command.RunAsync("flag", "list")).GetArrayLength().ShouldBe(6);
        (await command.RunAsync("flag", "list", "-o", "table")).Out.ShouldContain("replay_mode");
        command.Write("flags.json", (await command.RunAsync("flag", "export")).Out);
        (await command.RunAsync("flag", "rm", "beta")).Exit.ShouldBe(0);
        await ShouldExitAsync(command, 4, "not_found", "flag", "get", "beta");
        Json(await command.RunAsync("flag", "import", Path.Combine(command.Folder, "flags.json")))
            .GetProperty("imported")
            .GetInt32()
            .ShouldBe(2);
        (await command.RunAsync("flag", "get", "beta", "-o", "table")).Out.ShouldContain("tenant");
        await ShouldExitAsync(command, 1, "flag.invalid", "flag", "set", "nobody", "--default", "on");
        await ShouldExitAsync(command, 2, "client.usage", "flag", "set", "beta");
    }

    [Theory, Engines]
    public async Task Export_of_t_system_contains_global_flags(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var command = new CommandRun();
        command.Variables["NEXUS_SERVER"] = host.Address.AbsoluteUri;
        command.Variables["NEXUS_TOKEN"] = TrustedToken.Mint("u_officer", ("t_system", "admin"));
        command.Variables["NEXUS_ENV"] = "prod";
        Json(await command.RunAsync("flag", "set", "ws_enabled", "--default", "on")).GetProperty("layer").GetString().ShouldBe("tenant-0");
        Json(await command.RunAsync("flag", "export")).GetProperty("flags").GetRawText().ShouldContain("ws_enabled");
        command.Variables["NEXUS_TOKEN"] = TrustedToken.Mint("u_admin", (NexusHost.NewTenant(), "admin"));
        Json(await command.RunAsync("flag", "export")).GetProperty("flags").GetRawText().ShouldBe("{}");
    }

    [Theory, Engines]
    public async Task User_and_tenant_can_set_training_preference(string engine)
    {
        using var command = await SignedInAsync(engine);
        Json(await command.RunAsync("privacy", "show")).GetProperty("train_ok").GetBoolean().ShouldBeTrue();
        Json(await command.RunAsync("privacy", "opt-in")).GetProperty("version").GetInt64().ShouldBe(1);
        Json(await command.RunAsync("privacy", "opt-out", "--tenant-wide")).GetProperty("user_id").ValueKind.ShouldBe(JsonValueKind.Null);
        (await command.RunAsync("privacy", "opt-out", "-o", "table")).Out.ShouldContain("not allowed");
        var said = Json(await command.RunAsync("privacy", "show"));
        (said.GetProperty("train_ok").GetBoolean(), said.GetProperty("preferences").GetArrayLength()).ShouldBe((false, 2));
        (await command.RunAsync("privacy", "show", "--user", "somebody", "-o", "table")).Out.ShouldContain("not allowed");
        var export = Path.Combine(command.Folder, "training.ndjson");
        (await command.RunAsync("privacy", "export", "--out", export)).Exit.ShouldBe(0);
        var lines = await File.ReadAllLinesAsync(export, Cancellation);
        JsonDocument.Parse(lines[^1]).RootElement.GetProperty("manifest").GetProperty("lines").GetInt32().ShouldBe(lines.Length - 1);
        (await command.RunAsync("privacy", "export", "--shape", "messages", "--from", "2020-01-01", "--proofs")).Out.ShouldContain(
            "user_since");
    }

    [Theory, Engines]
    public async Task Personal_data_can_be_exported_and_erased(string engine)
    {
        using var command = await SignedInAsync(engine);
        var zip = Path.Combine(command.Folder, "subject.zip");
        (await command.RunAsync("privacy", "subject-export", "--out", zip)).Exit.ShouldBe(0);
        using (var archive = await System.IO.Compression.ZipFile.OpenReadAsync(zip, Cancellation))
        {
            archive.GetEntry("identity.ndjson").ShouldNotBeNull();
        }

        await ShouldExitAsync(command, 2, "client.cannot_ask", "privacy", "erase", "u_somebody");
        var erasure = Json(await command.RunAsync("privacy", "erase", "u_somebody", "--yes")).GetProperty("erasure_id").GetString()!;
        (await command.RunAsync("privacy", "erasures", "-o", "table")).Out.ShouldContain(erasure);
        Json(await command.RunAsync("privacy", "erasures", erasure)).GetProperty("erasure_id").GetString().ShouldBe(erasure);
        (await command.RunAsync("privacy", "erasures", erasure, "-o", "table")).Out.ShouldContain("requested");
        await ShouldExitAsync(command, 1, "privacy.not_waiting", "privacy", "approve", erasure);
        await ShouldExitAsync(
            command,
            1,
            "privacy.last_owner",
            "privacy",
            "erase",
            Json(await command.RunAsync("whoami")).GetProperty("user").GetProperty("user_id").GetString()!,
            "--yes");
    }

    [Theory, Engines]
    public async Task Exit_codes_distinguish_refusals(string engine)
    {
        using var command = await SignedInAsync(engine);
        await ShouldExitAsync(command, 4, "not_found", "card", "get", "nothing");
        await ShouldExitAsync(command, 3, "auth.tenant_mismatch", "card", "list", "--tenant", "t_somebody_else");
        await ShouldExitAsync(command, 1, "context.invalid", "card", "list", "--env", "qa");
        await ShouldExitAsync(command, 1, "body.invalid", "search", "x", "--top", "101");
        await ShouldExitAsync(command, 3, "auth.invalid", "whoami", "--token", "nonsense");
        (await command.RunWithInputAsync("no separator", "card", "add", "-")).Exit.ShouldBe(1);
        var (exit, _, error) = await command.RunWithInputAsync(
            "wrong password\n",
            "login",
            "--email",
            "nobody@example.com",
            "--password-stdin");
        (exit, error.Contains("auth.invalid", StringComparison.Ordinal)).ShouldBe((3, true), error);
    }

    [Theory, Engines]
    public async Task Expired_token_is_refreshed_by_concurrent_commands(string engine)
    {
        using var command = await SignedInAsync(engine);
        var before = await ExpireAsync(command);
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => command.RunAsync("whoami")));
        runs.ShouldAllBe(run => run.Exit == 0 && run.Error.Length == 0);
        (await File.ReadAllTextAsync(command.SessionFile, Cancellation)).ShouldNotContain(before);
        (await command.RunAsync("card", "list")).Exit.ShouldBe(0);
    }

    [Theory, Engines]
    public async Task Session_ended_elsewhere_exits_3_with_login_hint(string engine)
    {
        using var command = await SignedInAsync(engine);
        var token =
            JsonDocument.Parse(await File.ReadAllTextAsync(command.SessionFile, Cancellation)).RootElement.GetProperty("access_token")
                .GetString()!;
        using var elsewhere = (await Api.HostAsync(engine)).Bearer(token);
        (await elsewhere.PostAsync("/auth/logout", null, Cancellation)).EnsureSuccessStatusCode();
        var (exit, _, error) = await command.RunAsync("whoami");
        exit.ShouldBe(3);
        error.ShouldContain("nexus login --server");
    }

    [Theory, Engines]
    public async Task Admin_can_invite_list_and_create_reset_links(string engine)
    {
        using var command = await SignedInAsync(engine);
        var host = await Api.HostAsync(engine);
        var email = Api.NewEmail();
        var invited = Json(await command.RunAsync("member", "add", email, "--role", "viewer"));
        invited.GetProperty("status").GetString().ShouldBe("invited");
        var bob = Api.As(host, await new Api(host.Anonymous()).Post(
            "/auth/redeem",
            new() { ["token"] = invited.GetProperty("invitation").GetProperty("token").GetString(), ["password"] = Api.Password }));

        Json(await command.RunAsync("member", "list"))
            .EnumerateArray()
            .Select(member => member.GetProperty("role").GetString())
            .ShouldBe(["owner", "viewer"], ignoreOrder: true);
        Json(await command.RunAsync("member", "reset-link", bob.Email)).GetProperty("kind").GetString().ShouldBe("reset");
        await ShouldExitAsync(command, 1, "member.", "member", "add", bob.Email);
    }

    /// <summary>A command line whose user has just signed up and in.</summary>
    internal static async Task<CommandRun> SignedInAsync(string engine)
    {
        var host = await Api.HostAsync(engine);
        var person = await Api.SignUpAsync(host);
        var command = new CommandRun();
        command.Variables["NEXUS_SERVER"] = host.Address.AbsoluteUri;
        var (exit, _, error) = await command.RunWithInputAsync($"{Api.Password}\n", "login", "--email", person.Email, "--password-stdin");
        exit.ShouldBe(0, error);
        error.ShouldContain($"tenant {person.TenantId}, env prod");
        return command;
    }

    /// <summary>Makes the stored session one whose access token is over; the refresh token that will be spent.</summary>
    private static async Task<string> ExpireAsync(CommandRun command)
    {
        var text = await File.ReadAllTextAsync(command.SessionFile, Cancellation);
        var session = JsonDocument.Parse(text).RootElement;
        await File.WriteAllTextAsync(
            command.SessionFile,
            text.Replace(session.GetProperty("expires_at").GetString()!, "2020-01-01T00:00:00Z", StringComparison.Ordinal),
            Cancellation);
        return session.GetProperty("refresh_token").GetString()!;
    }

    /// <summary>What a command that must succeed has printed.</summary>
    internal static JsonElement Json((int Exit, string Out, string Error) run)
    {
        run.Exit.ShouldBe(0, run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }

    private static async Task ShouldExitAsync(CommandRun command, int exit, string code, params string[] args)
    {
        var run = await command.RunAsync(args);
        run.Exit.ShouldBe(exit, run.Error);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldStartWith($"nexus: {code}");
    }
}
