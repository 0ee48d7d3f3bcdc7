using System.Text;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Storage.Blobs;
using Nexus.Tests.Knowledge.RawAssets;

namespace Nexus.Tests.Platform.Storage.Blobs;

/// <summary>The S3 store against an S3 server.</summary>
public sealed class S3BlobStoreTests
{
    private const string Name = "tenants/t_a/prod/raw/1/Prüf +1 & 2%.txt";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Objects_can_be_read_copied_and_deleted()
    {
        await using var server = await S3Server.StartAsync();
        using var store = Store(server);
        server.Objects["staging/1"] = Raw.Bytes;
        (await store.OpenReadAsync("staging/2", Cancelled)).ShouldBeNull();
        await using (var staged = (await store.OpenReadAsync("staging/1", Cancelled)).ShouldNotBeNull())
        {
            staged.Length.ShouldBe(Raw.Bytes.Length);
            (await ReadAsync(staged.Content)).ShouldBe(Raw.Bytes);
            staged.Content.Position = 4;
            (await ReadAsync(staged.Content)).ShouldBe(Raw.Bytes[4..]);
            (await store.CopyAsync(staged, Name, Cancelled)).ShouldBeTrue();
            server.Objects[Name].ShouldBe(Raw.Bytes);

            // An object replaced after it was hashed must not be copied.
            server.Objects["staging/1"] = [1, 2, 3];
            (await store.CopyAsync(staged, Name, Cancelled)).ShouldBeFalse();
            server.Objects[Name].ShouldBe(Raw.Bytes);
        }

        await store.DeleteAsync(Name, Cancelled);
        await store.DeleteAsync(Name, Cancelled);
        server.Objects.ContainsKey(Name).ShouldBeFalse();
    }

    [Fact]
    public async Task Unreachable_server_throws_StoreUnavailableException()
    {
        var server = await S3Server.StartAsync();
        using var store = Store(server);
        await server.DisposeAsync();
        await Should.ThrowAsync<StoreUnavailableException>(async () => await store.OpenReadAsync("a", Cancelled));
        await Should.ThrowAsync<StoreUnavailableException>(async () => await store.DeleteAsync("a", Cancelled));
    }

    [Theory, Engines]
    public async Task Replayed_upload_form_does_not_change_registered_asset(string engine)
    {
        await using var server = await S3Server.StartAsync();
        await using var host = await NexusHost.StartAsync(engine, server.Settings);
        using var member = Caller.Create(host);
        var form = await member.Presign("Prüf 1.txt", size: Raw.Bytes.Length);
        form.Url.ShouldStartWith(server.Address.AbsoluteUri);
        (await form.Upload(new byte[Raw.Bytes.Length + 1])).Status.ShouldBe(400);
        (await form.With("key", "tenants/x").Upload(Raw.Bytes)).Status.ShouldBe(403);
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        var made = await member.Register(form.AssetId, "Prüf 1.txt");
        made.Ok()
            .GetProperty("uri")
            .GetString()
            .ShouldBe($"s3://{S3Server.Bucket}/tenants/{member.Tenant}/prod/raw/{form.AssetId}/Pr%C3%BCf%201.txt");
        server.Objects.ContainsKey(form["key"]).ShouldBeFalse();

        (await form.Upload(new byte[Raw.Bytes.Length])).Status.ShouldBe(204);
        (await member.Register(form.AssetId, "Prüf 1.txt")).Body.ShouldBe(made.Body);
        var path = $"/nexus/raw/{form.AssetId}/content";
        (await member.Get(path)).Body.ShouldBe(Encoding.UTF8.GetString(Raw.Bytes));
        var part = await member.Get(path, ("Range", "bytes=4-8"));
        (part.Status, part.Body).ShouldBe((206, "agate"));
        using var admin = member.Colleague("admin");
        (await admin.Delete($"/nexus/raw/{form.AssetId}")).Status.ShouldBe(204);
        server.Objects.Keys.ShouldBe([form["key"]]);
        (await member.EventTypes()).ShouldBe(["raw_asset_presigned", "raw_asset_registered", "raw_asset_deleted"]);
    }

    private static S3BlobStore Store(S3Server server) => new(new BlobOptions
    {
        Engine = "s3",
        Bucket = S3Server.Bucket,
        Endpoint = server.Address.AbsoluteUri,
        Region = S3Server.Region,
        AccessKey = S3Server.AccessKey,
        SecretKey = S3Server.SecretKey,
    });

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancelled);
        return bytes.ToArray();
    }
}
