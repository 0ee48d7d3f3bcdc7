using System.Net.Http.Headers;
using System.Text;
using Nexus.Testing.Crash;
using Nexus.Tests.Platform.Storage.Blobs;


namespace Nexus.Tests.Knowledge.RawAssets;

/// <summary>A server killed between writing bytes and row leaves nothing visible, and the bytes are deleted later.</summary>
public sealed class RawCrashTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, BlobStores]
    public async Task Kill_between_asset_bytes_and_row_leaves_nothing_visible(string engine, string blobs)
    {
        await using var host = await BlobHost.StartAsync(engine, blobs);
        using var before = Caller.Create(host.Server);
        var kept = await before.Asset();
        var form = await before.Presign(size: Raw.Bytes.Length);
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        var (events, state, usage) = (await before.EventTypes(), await before.State(), await host.Usage(before));
        await KillAsync(
            host,
            "insert on raw_assets",
            "new.size_bytes > 0",
            $"{FinalPrefix(before)}/{form.AssetId}/agate.txt",
            (client, address) =>
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", before.Token);
            client.DefaultRequestHeaders.Add("X-Env", before.Env);
            return client.PostAsync(
                new Uri(address, "/nexus/raw/register"),
                new StringContent($$"""{"asset_id":"{{form.AssetId}}","filename":"agate.txt"}""", Encoding.UTF8, "application/json"),
                Cancelled);
        });

        using var after = before.On(host.Server);
        await ShouldSeeOnlyKeptAssetAsync(after, form.AssetId, kept);
        (await after.Register(form.AssetId)).Refused(409, "raw.in_flight");
        (await after.EventTypes()).ShouldBe(events);
        (await after.State()).ShouldBe(state);
        await host.ReapAsync(after);
        host.Keys(after.Tenant).Keys.ShouldBe([$"{FinalPrefix(before)}/{kept}/agate.txt"]);
        (await host.Usage(after)).ShouldBe(usage - Raw.Bytes.Length);
    }

    [Theory, Engines]
    public async Task Kill_between_upload_bytes_and_row_leaves_nothing_visible(string engine)
    {
        await using var host = await BlobHost.StartAsync(engine, "files");
        using var before = Caller.Create(host.Server);
        var kept = await before.Asset();
        var form = await before.Presign();
        var state = await before.State();
        await KillAsync(host, "update on raw_uploads", "new.state = 'taken'", form["key"], (client, address) =>
            client.PostAsync(new Uri(address, new Uri(form.Url).AbsolutePath), form.Content(Raw.Bytes), Cancelled));

        using var after = before.On(host.Server);
        await ShouldSeeOnlyKeptAssetAsync(after, form.AssetId, kept);
        (await after.State()).ShouldBe(state);
        var unfinished = Directory.GetFiles(Path.Combine(host.Server.Folder, "blobs", "unfinished")).ShouldHaveSingleItem();
        await host.ReapAsync(after);
        File.Exists(unfinished).ShouldBeTrue();
        File.SetLastWriteTimeUtc(unfinished, DateTime.UnixEpoch.AddHours(-24));
        await host.ReapAsync(after);
        host.Keys(after.Tenant).Keys.ShouldBe([$"{FinalPrefix(before)}/{kept}/agate.txt"]);
        File.Exists(unfinished).ShouldBeFalse();
    }

    private static string FinalPrefix(Caller caller) => $"tenants/{caller.Tenant}/prod/raw";

    private static async Task ShouldSeeOnlyKeptAssetAsync(Caller caller, string assetId, string kept)
    {
        (await caller.Get($"/nexus/raw/{assetId}")).Refused(404, "not_found");
        (await caller.Get($"/nexus/raw/{assetId}/content")).Refused(404, "not_found");
        (await caller.Get("/nexus/raw")).Ok()
            .GetProperty("items")
            .EnumerateArray()
            .Select(asset => asset.GetProperty("asset_id").GetString())
            .ShouldBe([kept]);
        (await caller.Get($"/nexus/raw/{kept}/content")).Body.ShouldBe(Encoding.UTF8.GetString(Raw.Bytes));
    }

    /// <summary>
    /// Sends a request to a separate server process, kills it after the bytes and during the row's write, and restarts the host.
    /// </summary>
    private static async Task KillAsync(
        BlobHost host, string write, string when, string key, Func<HttpClient, Uri, Task<HttpResponseMessage>> ask)
    {
        await host.Server.StopAsync();
        await using (await Stall.AtAsync(host.Server, write, when))
        {
            using var client = new HttpClient();
            var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
            using var server = await ServerProcess.StartAsync(
                host.Server.Folder,
                Path.Combine(host.Server.Folder, "server.log"),
                address,
                host.Server.Settings,
                client,
                Cancelled);
            var asked = ask(client, address);
            while (host.Read(key) is null && !asked.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Cancelled);
            }

            server.Kill();
            await Should.ThrowAsync<HttpRequestException>(asked);
        }

        await host.Server.StartAgainAsync();
    }
}
