using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Transparency;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Key rotation: the old key keeps signing for a while, so that verifiers can learn the new one.</summary>
public sealed class LogKeyRotationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Both_keys_sign_during_overlap_and_rotation_is_logged(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        var log = await WrittenLog.OfAsync(host, 3);
        using var before = Caller.Create(host, "admin", log.Scope.TenantId);
        var old = (await before.KeysAsync()).ShouldHaveSingleItem();
        var (signedByOld, _) = await before.CheckpointAsync();
        await host.StartAgainAsync(options => options with { RotateLogKey = true });
        using var admin = before.On(host);
        var keys = await admin.KeysAsync();
        keys.Count.ShouldBe(2);
        keys[1].Id.ShouldBe(old.Id);
        var (checkpoint, note) = await admin.CheckpointAsync();
        checkpoint.ShouldBe(signedByOld, "the same size is signed again, by the new key too, with the same root");
        note.Signatures.Select(signature => signature.KeyId).ShouldBe([keys[0].Id, old.Id]);
        foreach (var key in keys)
        {
            Checkpoint.Open(note, [key]).ShouldBe(checkpoint);
        }

        await log.AppendAsync(1);
        (await admin.CheckpointAsync()).Note.Signatures.Count.ShouldBe(2);
        using var owner = Caller.Create(host, "owner", "t_system");
        var told = (await owner.Events()).Single(recorded => Caller.TypeOf(recorded) == "log_key_rotated");
        told.Metadata.GetProperty("asset_id")
            .GetString()
            .ShouldBe(keys[0].Id.ToString("x8", System.Globalization.CultureInfo.InvariantCulture));
        told.Output!.Value.GetProperty("public_key").GetBytesFromBase64().ShouldBe(keys[0].PublicKey.ToArray());
        (await owner.CheckpointAsync()).Note.Signatures.Count.ShouldBe(2);

        // A normal start does not create a key.
        await host.StartAgainAsync();
        using var again = before.On(host);
        (await again.KeysAsync()).Select(key => key.Id).ShouldBe(keys.Select(key => key.Id));
    }

    [Theory, Engines]
    public async Task New_key_signs_alone_after_overlap_and_old_key_stays_served(string engine)
    {
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:Log:KeyOverlap"] = "0" });
        var log = await WrittenLog.OfAsync(host, 3);
        using var before = Caller.Create(host, "admin", log.Scope.TenantId);
        var (_, oldNote) = await before.CheckpointAsync();
        await host.StartAgainAsync(options => options with { RotateLogKey = true });
        using var admin = before.On(host);
        var keys = await admin.KeysAsync();
        keys.Count.ShouldBe(2);
        await log.AppendAsync(1);
        (await admin.CheckpointAsync()).Note.Signatures.ShouldHaveSingleItem().KeyId.ShouldBe(keys[0].Id);
        Checkpoint.Open(oldNote, keys).Size.ShouldBe(3);
    }

    [Fact]
    public async Task Other_node_sees_new_key_and_concurrent_rotations_create_one()
    {
        await using var first = await NexusHost.StartAsync("postgres");
        await using var second = await first.StartSecondNodeAsync();
        using var here = Caller.Create(first, "admin");
        using var there = here.On(second);
        (await here.KeysAsync()).Select(key => key.Id).ShouldBe((await there.KeysAsync()).Select(key => key.Id));
        var ids = await Task.WhenAll(
            new[] { first, second }.Select(async node => await node.Services.GetRequiredService<LogKeyStore>().RotateAsync(Cancelled)));
        ids[0].ShouldBe(ids[1]);
        (await there.KeysAsync()).Count.ShouldBe(2);
        (await here.KeysAsync()).Count.ShouldBe(2);
        (await there.CheckpointAsync()).Note.Signatures.Count.ShouldBe(2);
    }

    [Theory, Engines]
    public async Task Served_keys_show_validity_and_stored_private_keys_are_sealed(string engine)
    {
        await using var host = await NexusHost.StartAsync(
            engine,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["Nexus:PublicUrl"] = "http://logs.example/" });
        await host.StartAgainAsync(options => options with { RotateLogKey = true });
        using var nobody = host.Anonymous();
        using var answer = await nobody.GetAsync(new Uri("/.well-known/log-keys.pem", UriKind.Relative), Cancelled);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-pem-file");
        var lines = (await answer.Content.ReadAsStringAsync(Cancelled)).Split('\n').Where(line => line.StartsWith('#')).ToArray();
        lines.Length.ShouldBe(2);
        lines[0].ShouldMatch(@"\A# logs\.example, key [0-9a-f]{8}, signs from [0-9TZ:-]{20}\z");
        lines[1].ShouldMatch(@"\A# logs\.example, key [0-9a-f]{8}, signs from [0-9TZ:-]{20} to [0-9TZ:-]{20}\z");
        await using var connection = await WrittenLog.OpenAsync(host);
        foreach (var kept in await connection.QueryAsync<byte[]>("select sealed from secrets where name like 'log-key-%'"))
        {
            Should.Throw<FormatException>(() => LogKey.FromPrivate(kept));
            kept.AsSpan().IndexOf(new byte[] { 0x2a, 0x86, 0x48, 0xce, 0x3d }).ShouldBe(-1, "the key's algorithm in the clear");
        }
    }
}
