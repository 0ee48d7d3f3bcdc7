namespace Nexus.Tests.Knowledge.Settings;

/// <summary><c>/nexus/settings</c>: cards of three types, read from the store.</summary>
public sealed class SettingsRouteTests
{
    [Theory, Engines]
    public async Task Get_apps_requires_auth(string engine) => await RequiresAuth(engine, "apps");

    [Theory, Engines]
    public async Task Get_surface_requires_auth(string engine) => await RequiresAuth(engine, "surface");

    [Theory, Engines]
    public async Task Get_connectors_requires_auth(string engine) => await RequiresAuth(engine, "connectors");

    [Theory, Engines]
    public async Task Get_in_other_tenant_returns_403(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var viewer = Caller.Create(host, "viewer");
        using var other = Caller.Create(host);
        (await viewer.Get("/nexus/settings/apps", ("X-Tenant-Id", other.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await other.EventTypes()).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Apps_and_connectors_list_cards_of_their_type_newest_first(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var first = await member.Card("card_type: app_definition\ntitle: One\n---\n");
        var connector = await member.Card("card_type: connector_config\n---\nhost: a");
        var second = await member.Card("card_type: app_definition\ntitle: Two\n---\n");
        await member.Card("card_type: surface_settings\n---\n");
        var gone = await member.Card("card_type: app_definition\ntitle: Gone\n---\n");
        (await member.Delete($"/nexus/cards/{gone}")).Status.ShouldBe(204);
        using var viewer = member.Colleague("viewer");
        var apps = await viewer.Get("/nexus/settings/apps");
        apps.Ok().EnumerateObject().Select(field => field.Name).ShouldBe(["items"]);
        Ids(apps).ShouldBe([second, first]);
        Ids(await viewer.Get("/nexus/settings/connectors")).ShouldBe([connector]);
        apps.Json.GetProperty("items")[0].GetRawText().ShouldBe((await viewer.Get($"/nexus/cards/{second}")).Body);
    }

    [Theory, Engines]
    public async Task Surface_returns_newest_card_only(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        Ids(await member.Get("/nexus/settings/surface")).ShouldBeEmpty();
        await member.Card("card_type: surface_settings\n---\nold");
        var newest = await member.Card("card_type: surface_settings\n---\nnew");
        Ids(await member.Get("/nexus/settings/surface")).ShouldBe([newest]);
    }

    [Theory, Engines]
    public async Task Apps_are_returned_without_paging(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var lines = string.Concat(Enumerable.Repeat("{\"text\":\"card_type: app_definition\\n---\\n\"}\n", 205));
        using var body = new StringContent(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
        (await member.Send("POST", "/nexus/cards/batch", body)).Status.ShouldBe(200);
        Ids(await member.Get("/nexus/settings/apps")).Distinct(StringComparer.Ordinal).Count().ShouldBe(205);
    }

    [Theory, Engines]
    public async Task Other_tenant_or_env_cannot_see_settings(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host, "owner");
        using var elsewhere = member.Colleague("owner", "dev");
        await member.Card("card_type: surface_settings\n---\nmine");
        Ids(await stranger.Get("/nexus/settings/surface")).ShouldBeEmpty();
        Ids(await elsewhere.Get("/nexus/settings/surface")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Each_read_records_settings_read_with_its_kind(string engine)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        await viewer.Get("/nexus/settings/apps");
        await viewer.Get("/nexus/settings/surface");
        var events = await viewer.Events();
        events.Select(Caller.TypeOf).ShouldBe(["settings_read", "settings_read"]);
        events.Select(recorded => recorded.Metadata.GetProperty("asset_id").GetString()).ShouldBe(["apps", "surface"]);
    }

    private static async Task RequiresAuth(string engine, string kind)
    {
        using var viewer = Caller.Create(await NexusHost.SharedAsync(engine), "viewer");
        (await viewer.Get("/nexus/settings/" + kind, ("Authorization", null))).Refused(401, "auth.missing");
        (await viewer.EventTypes()).ShouldBeEmpty();
    }

    private static string[] Ids(Reply reply) =>
        [.. reply.Ok().GetProperty("items").EnumerateArray().Select(card => card.GetProperty("card_id").GetString()!)];
}
