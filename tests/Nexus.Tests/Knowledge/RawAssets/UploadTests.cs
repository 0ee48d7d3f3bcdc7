using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Platform.Storage.Blobs;



namespace Nexus.Tests.Knowledge.RawAssets;

/// <summary>The file store's upload endpoint: the signed form is the credential, for these bytes and one use.</summary>
public sealed class UploadTests
{
    [Theory, Engines]
    public async Task Form_can_be_used_only_once(string engine)
    {
        using var member = Caller.Create(await NexusHost.SharedAsync(engine));
        var form = await member.Presign();
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => form.Upload(Encoding.UTF8.GetBytes($"number {i}"))));
        replies.Count(reply => reply.Status == 204).ShouldBe(1);
        replies.Where(reply => reply.Status != 204).ShouldAllBe(reply => reply.ToString() == "403 upload.used");
        var winner = Array.FindIndex(replies, reply => reply.Status == 204);
        (await member.Register(form.AssetId)).Ok()
            .GetProperty("sha256")
            .GetString()
            .ShouldBe(Raw.Sha(Encoding.UTF8.GetBytes($"number {winner}")));
        (await form.Upload(Raw.Bytes)).Refused(403, "upload.used");
        (await member.Get($"/nexus/raw/{form.AssetId}/content")).Body.ShouldBe($"number {winner}");
    }

    [Theory, Engines]
    public async Task Tampered_form_is_rejected_and_original_still_works(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        using var stranger = Caller.Create(host);
        var form = await member.Presign();
        var theirs = await stranger.Presign();
        var policy = Encoding.UTF8.GetString(Convert.FromBase64String(form["policy"]));
        (Form Form, string Answer)[] spoiled =
        [
            (form.With("key", theirs["key"]), "403 upload.denied"),
            (form.With("key", form["key"] + "x"), "403 upload.denied"),
            (form.With("Content-Type", "text/html"), "403 upload.denied"),
            (form.With(
                "policy",
                Convert.ToBase64String(
                    Encoding.UTF8.GetBytes(policy.Replace("104857600", "999999999", StringComparison.Ordinal)))), "403 upload.denied"),
            (form.With("policy", theirs["policy"]), "403 upload.denied"),
            (form.With("x-amz-signature", theirs["x-amz-signature"]), "403 upload.denied"),
            (form.With("x-amz-signature", form["x-amz-signature"][..^1]), "403 upload.denied"),
            (form.With("x-amz-date", "20200101T000000Z"), "403 upload.denied"),
            (form.With(
                "x-amz-credential",
                form["x-amz-credential"].Replace("local", "other", StringComparison.Ordinal)), "403 upload.denied"),
            (form.With("x-amz-algorithm", "none"), "403 upload.denied"),
            (form.And("acl", "public-read"), "403 upload.denied"),
            (form.And("x-ignore-this", "1"), "403 upload.denied"),
            (form.And("key", form["key"]), "400 upload.form"),
            (form.And("KEY", form["key"]), "400 upload.form"),
            (form.And("x-amz-meta-a", new string('a', 20_000)), "400 upload.form"),
            (form.Without("policy"), "403 upload.denied"),
            (form.Without("Content-Type"), "403 upload.denied"),
            (form with { Fields = [] }, "403 upload.denied"),
        ];
        foreach (var (wrong, answer) in spoiled)
        {
            (await wrong.Upload(Raw.Bytes)).ToString().ShouldBe(answer, JsonSerializer.Serialize(wrong.Fields.Select(field => field.Name)));
        }

        (await form.Upload(Raw.Bytes, ("after", "x"))).Refused(400, "upload.form");
        (await form.Post(new StringContent("{}", Encoding.UTF8, "application/json"))).Refused(415, "body.content_type");
        (await member.Register(form.AssetId)).Refused(404, "raw.not_uploaded");
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
        (await member.Register(form.AssetId)).Ok();
    }

    [Theory, Engines]
    public async Task Expired_form_is_rejected(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        var form = await member.Presign();
        var signed = TimeProvider.System.GetUtcNow().AddHours(-1);
        var ended = host.Services.GetRequiredService<FileBlobStore>().PolicySigner.Sign(
            new UploadConstraints(form["key"], form["Content-Type"], 1, 100, signed, signed.AddHours(1)));
        var reply = await (form with { Fields = [.. ended.Select(field => (field.Key, field.Value))] }).Upload(Raw.Bytes);
        reply.Refused(403, "upload.denied").Json.GetProperty("detail").GetString()!.ShouldContain("expired");
        (await member.Register(form.AssetId)).Refused(404, "raw.not_uploaded");
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
    }

    [Theory, Engines]
    public async Task Upload_size_must_match_form(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine, new Dictionary<string, string?> { ["Nexus:Blobs:MaxBytes"] = "200000" });
        using var member = Caller.Create(host);
        var exact = await member.Presign(size: 5);
        (await exact.Upload(new byte[6])).Refused(413, "upload.too_large");
        (await exact.Upload(new byte[4])).Refused(422, "upload.too_small");
        (await exact.Upload([])).Refused(422, "upload.too_small");
        (await exact.Upload(new byte[5])).Status.ShouldBe(204);
        var open = await member.Presign();
        (await open.Upload([])).Refused(422, "upload.too_small");
        (await open.Upload(new byte[200_001])).Refused(413, "upload.too_large");
        (await open.Upload(new byte[2_000_000])).Status.ShouldBe(413);
        (await open.Upload(new byte[200_000])).Status.ShouldBe(204);
        Directory.EnumerateFiles(Path.Combine(host.Folder, "blobs", "unfinished")).ShouldBeEmpty();
    }

    [Theory, Engines]
    public async Task Truncated_upload_stores_nothing_and_can_be_retried(string engine)
    {
        var host = await NexusHost.SharedAsync(engine);
        using var member = Caller.Create(host);
        var form = await member.Presign();
        using var content = form.Content(new byte[50_000]);
        var body = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var cut = new ByteArrayContent(body, 0, body.Length / 2);
        cut.Headers.ContentType = content.Headers.ContentType;
        (await form.Post(cut)).Refused(400, "upload.form");
        File.Exists(Path.Combine(host.Folder, "blobs", form["key"])).ShouldBeFalse();
        (await member.Register(form.AssetId)).Refused(404, "raw.not_uploaded");
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
    }

    [Theory, Engines]
    public async Task Aborted_upload_stores_nothing(string engine)
    {
        await using var host = await NexusHost.StartAsync(engine);
        using var member = Caller.Create(host);
        var form = await member.Presign();
        using var content = form.Content(new byte[500_000]);
        var body = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var unfinished = Path.Combine(host.Folder, "blobs", "unfinished");
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(host.Address.Host, host.Address.Port, TestContext.Current.CancellationToken);
            await using var stream = connection.GetStream();
            var head =
                $"POST {new Uri(form.Url).AbsolutePath} HTTP/1.1\r\nHost: "
                + $"nexus\r\nContent-Type: {content.Headers.ContentType}\r\nContent-Length: {body.Length}\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2), TestContext.Current.CancellationToken);
            await WaitUntilAsync(() => Directory.EnumerateFiles(unfinished).Any());
        }

        await WaitUntilAsync(() => !Directory.EnumerateFiles(unfinished).Any());
        File.Exists(Path.Combine(host.Folder, "blobs", form["key"])).ShouldBeFalse();
        (await member.Register(form.AssetId)).Refused(404, "raw.not_uploaded");
        (await form.Upload(Raw.Bytes)).Status.ShouldBe(204);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }
}
