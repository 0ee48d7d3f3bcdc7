using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage;
using Nexus.Tests.Knowledge.RawAssets;



namespace Nexus.Tests.Privacy;

/// <summary>A subject export contains everything stored about a person, of all kinds and envs, and nothing of others.</summary>
public sealed class SubjectExportTests
{
    [Theory, Engines]
    public async Task Export_holds_every_kind_of_data_and_files(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var person = Caller.Create(host);
        using var other = Caller.Create(host, "member", person.Tenant, user: "u_other");
        using var elsewhere = person.Colleague("member", "dev");
        var planted = await Planted.CreateAsync(person, other, "vesuvianite");
        await other.Card("card_type: note\n---\nOnly the other's: keepsake.");
        await elsewhere.Card("card_type: note\n---\nIn dev.");
        var zip = await ReadAsync(person, "/privacy/subject-export");
        zip.Keys.Order(StringComparer.Ordinal).ShouldBe(
        [
            "atoms/prod.ndjson", "cards/dev.ndjson", "cards/prod.ndjson", "events/dev.ndjson", "events/prod.ndjson",
            $"files/prod/{planted.Raw}/vesuvianite.md",
            "kept_answers/prod.ndjson", "maybes/prod.ndjson", "memory/prod.ndjson", "packs/prod.ndjson", "raw/prod.ndjson",
            "train_prefs/prod.ndjson",
        ]);
        foreach (var (name, text) in zip.Where(
            entry => entry.Key != "train_prefs/prod.ndjson" && entry.Key.Contains("prod", StringComparison.Ordinal)))
        {
            text.ShouldContain("vesuvianite", customMessage: name);
        }

        string.Concat(zip.Values).ShouldNotContain("keepsake");
        zip["memory/prod.ndjson"].ShouldNotContain("Not of the other.");
        zip["cards/prod.ndjson"].ShouldContain(planted.AboutThem);
        (await person.EventTypes())[^1].ShouldBe("subject_exported");
        using var admin = person.Colleague("admin");
        (await ReadAsync(admin, $"/privacy/subject-export?user_id={person.User}")).Keys.ShouldContain("cards/prod.ndjson");
        (await other.Get($"/privacy/subject-export?user_id={person.User}")).Refused(403, "auth.role");
        (await other.Get("/privacy/subject-export?user_id=")).Status.ShouldBe(422);
        using var stranger = Caller.Create(host, "owner");
        (await ReadAsync(stranger, $"/privacy/subject-export?user_id={person.User}")).Keys.ShouldBe(["events/prod.ndjson"]);
    }

    [Theory, Engines]
    public async Task Truncated_export_is_not_a_valid_zip(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var person = Caller.Create(host);
        await person.Asset(System.Security.Cryptography.RandomNumberGenerator.GetBytes(1 << 20));
        (await person.Json("POST", "/maybes/items", """{"space":"s","title":"T","body":"B"}""")).Ok();
        await host.Services.GetRequiredService<Database>().WriteAsync(
            new Scope(person.Tenant, person.Env),
            session => session.ExecuteAsync("update maybes set source_ref = 'spoilt' where tenant_id = @Tenant", new { person.Tenant }),
            TestContext.Current.CancellationToken);
        using var answer = await person.Open("/privacy/subject-export");
        var received = new MemoryStream();
        await using var bytes = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<IOException>(() => bytes.CopyToAsync(received, TestContext.Current.CancellationToken));
        Should.Throw<InvalidDataException>(() => new ZipArchive(received, ZipArchiveMode.Read));
    }

    /// <summary>Returns the names of an archive's entries.</summary>
    internal static async Task<string[]> NamesAsync(HttpClient http, string path)
    {
        await using var bytes = await http.GetStreamAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    private static async Task<Dictionary<string, string>> ReadAsync(Caller caller, string path)
    {
        using var answer = await caller.Open(path);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/zip");
        var bytes = new MemoryStream(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: false, Encoding.UTF8);
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(entry.Open(), Encoding.UTF8);
            entries.Add(entry.FullName, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return entries;
    }
}
