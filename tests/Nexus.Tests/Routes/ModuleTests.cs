using System.Text;
using Nexus.Tests.Knowledge.RawAssets;


namespace Nexus.Tests.Routes;

/// <summary>The same three tests for each of the eight modules: without a token, in another tenant, and a valid request.</summary>
public sealed class ModuleTests
{
    private static readonly Dictionary<string, Module> _modules = new(StringComparer.Ordinal)
    {
        ["raw storage"] = new("POST", "/nexus/raw/presign-upload", """{"filename":"agate.txt"}""", "raw_asset_presigned"),
        ["atoms"] = new("POST", "/nexus/atoms/create-from-raw?op_type=text_split&raw_asset_id=", "{}", "atom_created"),
        ["cards"] = new("POST", "/nexus/cards", Caller.Note, "card_created", "text/plain"),
        ["packs"] = new("POST", "/nexus/influence-pack", """{"query":{"query_text":"agate"}}""", "pack_created"),
        ["search"] = new("POST", "/nexus/search", """{"query_text":"agate"}""", "card_search"),
        ["settings"] = new("GET", "/nexus/settings/apps", null, "settings_read"),
        ["runs"] = new("GET", "/nexus/runs", null, null),
        ["memory"] = new("POST", "/nexus/memory/session/s-1/turn", """{"role":"user","content":"hello"}""", "memory_turn_created"),
    };

    public static MatrixTheoryData<string, string> OnEngines { get; } = new(_modules.Keys, EnginesAttribute.All);

    [Theory, MemberData(nameof(OnEngines))]
    public async Task Requires_auth(string module, string engine)
    {
        using var owner = Caller.Create(await NexusHost.SharedAsync(engine), "owner");
        var before = await owner.State();
        (await Send(owner, module, "", ("Authorization", null))).Refused(401, "auth.missing")["WWW-Authenticate"].ShouldBe("Bearer");
        (await Send(owner, module, "", ("Authorization", "Bearer " + owner.Token + "A"))).Refused(401, "auth.invalid");
        (await owner.State()).ShouldBe(before);
    }

    [Theory, MemberData(nameof(OnEngines))]
    public async Task Requires_tenant_membership(string module, string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var owner = Caller.Create(host, "owner");
        using var stranger = Caller.Create(host, "owner");
        var asset = await AssetAsync(owner, module);
        var before = await owner.State();
        (await Send(stranger, module, asset, ("X-Tenant-Id", owner.Tenant))).Refused(403, "auth.tenant_mismatch");
        (await Send(stranger, module, asset, ("X-Tenant-Id", owner.Tenant), ("X-Membership-Role", "owner"))).Refused(
            403,
            "auth.tenant_mismatch");
        (await owner.State()).ShouldBe(before);
        (await stranger.EventTypes()).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(OnEngines))]
    public async Task Request_by_member_succeeds_and_is_recorded(string module, string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var asset = await AssetAsync(member, module);
        var before = await member.EventTypes();
        (await Send(member, module, asset)).Ok();
        (await member.EventTypes()).ShouldBe(_modules[module].EventType is { } left ? [.. before, left] : before);
    }

    /// <summary>Creates the asset an atom is made from. Other modules need nothing.</summary>
    private static async Task<string> AssetAsync(Caller caller, string module) => module == "atoms" ? await caller.Asset() : "";

    private static Task<Reply> Send(Caller caller, string module, string asset, params (string Name, string? Value)[] headers)
    {
        var (method, path, body, _, type) = _modules[module];
        return caller.Send(method, path + asset, body is null ? null : new StringContent(body, Encoding.UTF8, type), headers);
    }

    private sealed record Module(string Method, string Path, string? Body, string? EventType, string Type = "application/json");
}
