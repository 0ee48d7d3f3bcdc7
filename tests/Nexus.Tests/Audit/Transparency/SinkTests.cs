using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Transparency;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;
using Nexus.Tests.Cli;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Every published checkpoint is delivered to all sinks, in order, and no sink blocks anything.</summary>
public sealed class SinkTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, Engines]
    public async Task Every_checkpoint_reaches_file_and_URL_sinks(string engine)
    {
        await using var receiver = await Receiver.StartAsync();
        var file = Path.Combine(Path.GetTempPath(), $"nexus-sink-{Id.New()}");
        try
        {
            await File.WriteAllTextAsync(file, "torn off by a cra", Cancelled);
            await using var host = await NexusHost.StartAsync(engine, Settings(file, receiver.Url));
            var log = await WrittenLog.OfAsync(host, 1);
            using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
            var published = new List<string>();
            for (var i = 0; i < 5; i++)
            {
                await log.AppendAsync(i + 1);
                published.Add((await admin.CheckpointAsync()).Note.ToString());
            }

            await receiver.WaitAsync(notes => published.TrueForAll(notes.Contains));
            receiver.Notes.Distinct().Where(published.Contains).ShouldBe(published);
            receiver.ContentTypes.ShouldAllBe(type => type == "text/plain; charset=utf-8");
            await WaitAsync(async () => published.TrueForAll((await File.ReadAllTextAsync(file, Cancelled)).Contains));
            var text = await File.ReadAllTextAsync(file, Cancelled);
            text.ShouldStartWith("torn off by a cra\n\n");
            text.Replace("torn off by a cra\n\n", "", StringComparison.Ordinal)
                .ShouldBe(string.Concat(published.Select(note => note + "\n")));
            var keys = await admin.KeysAsync();
            published.ShouldAllBe(note => Checkpoint.Open(SignedNote.Parse(note), keys).Size > 0);
            (await host.ReadinessAsync()).ShouldBe("ready\n");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, Engines]
    public async Task Failing_sink_is_reported_does_not_block_and_catches_up(string engine)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Status = 500;
        var missing = Path.Combine(Path.GetTempPath(), $"nexus-no-such-folder-{Id.New()}", "notes");
        await using var host = await NexusHost.StartAsync(engine, Settings(receiver.Url, missing));
        var log = await WrittenLog.OfAsync(host, 1);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var published = new List<string> { (await admin.CheckpointAsync()).Note.ToString() };
        await WaitAsync(
            async () =>
                (await host.ReadinessAsync()).Contains("checkpoint sink 1 fails", StringComparison.Ordinal)
                    && (await host.ReadinessAsync()).Contains("checkpoint sink 0 fails", StringComparison.Ordinal));
        var readiness = await host.ReadinessAsync();
        readiness.ShouldMatch(
            @"\Aready\ndegraded: checkpoint sink 0 fails since [0-9TZ:-]{20}: it answered 500\ndegraded: checkpoint sink 1 fails since [0-9TZ:-]{20}: the file cannot be written\n\z");
        await log.AppendAsync(1);
        published.Add((await admin.CheckpointAsync()).Note.ToString());
        (await admin.Colleague("member").Post()).Ok();

        // Pending deliveries survive a restart.
        await host.StopAsync();
        receiver.Status = 204;
        receiver.Notes.Clear();
        await host.StartAgainAsync();
        await receiver.WaitAsync(notes => published.TrueForAll(notes.Contains));
        receiver.Notes.Take(2).ShouldBe(published);
        await WaitAsync(async () => !(await host.ReadinessAsync()).Contains("sink 0", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(missing)!);
        try
        {
            await WaitAsync(() => Task.FromResult(File.Exists(missing) && published.TrueForAll(File.ReadAllText(missing).Contains)));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(missing)!, recursive: true);
        }
    }

    [Theory, Engines]
    public async Task Delivered_checkpoint_is_not_resent_after_restart(string engine)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = await NexusHost.StartAsync(engine, Settings(receiver.Url));
        var log = await WrittenLog.OfAsync(host, 1);
        using var admin = Caller.Create(host, "admin", log.Scope.TenantId);
        var first = (await admin.CheckpointAsync()).Note.ToString();
        await receiver.WaitAsync(notes => notes.Contains(first));
        await host.StartAgainAsync();
        await log.AppendAsync(1);
        using var again = admin.On(host);
        var second = (await again.CheckpointAsync()).Note.ToString();
        await receiver.WaitAsync(notes => notes.Contains(second));
        receiver.Notes.Count(note => note == first).ShouldBe(1);
    }

    [Fact]
    public async Task Redirects_and_private_addresses_are_refused()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Status = 302;
        using var allowed = new UrlSink(new Uri(receiver.Url), allowPrivate: true);
        (await Should.ThrowAsync<SinkException>(() => allowed.SendAsync("note\n", Cancelled))).Message.ShouldBe("it answered 302");
        receiver.Notes.Count.ShouldBe(1, "the redirect was not followed");
        receiver.Notes.Clear();
        receiver.Status = 204;
        foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0" })
        {
            using var sink = new UrlSink(new UriBuilder(receiver.Url) { Host = host }.Uri, allowPrivate: false);
            (await Should.ThrowAsync<SinkException>(() => sink.SendAsync("note\n", Cancelled))).Message.ShouldBe(
                "its host has no public address, and Nexus:Log:AllowPrivateSinks is off",
                host);
        }

        receiver.Notes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("relative/path")]
    [InlineData("https://user:secret@example.com/")]
    [InlineData("http://")]
    [InlineData("ftp://example.com/x")]
    [InlineData("")]
    public async Task Invalid_sink_fails_startup_without_leaking_its_value(string sink)
    {
        var folder = Directory.CreateTempSubdirectory("nexus-start-");
        try
        {
            var failure = await Should.ThrowAsync<StartupException>(
                () => Server.Program.BuildAsync(new ServeOptions { DataFolder = folder.FullName, Settings = Settings("/fine", sink) }));
            failure.Message.ShouldContain("Nexus:Log:CheckpointSinks:1 must be");
            failure.Message.ShouldNotContain("secret");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Sink_position_never_moves_back()
    {
        foreach (var engine in new[] { "sqlite", "postgres" })
        {
            var host = await NexusHost.SharedAsync(engine);
            var scope = new Scope(NexusHost.NewTenant(), "prod");
            var database = host.Services.GetRequiredService<Database>();
            foreach (var (epoch, size, key) in new[]
            {
                (0L, 10L, 1L),
                (0L, 9L, 2L),
                (1L, 3L, 1L),
                (0L, 50L, 9L),
                (1L, 3L, 2L),
                (1L, 2L, 3L),
            })
            {
                await database.WriteAsync(
                    scope,
                    session => SinkPosition.AdvanceAsync(session, "s", new SignedCheckpoint(epoch, size, key, "")),
                    Cancelled);
            }

            var at = await database.ReadAsync(scope, session => SinkPosition.FindAsync(session, "s"), Cancelled);
            (at.Epoch, at.Size, at.KeyNumber).ShouldBe((1, 3, 2), engine);
        }
    }

    private static Dictionary<string, string?> Settings(params string[] sinks)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Nexus:Log:CheckpointEvery"] = "86400",
            ["Nexus:Log:AllowPrivateSinks"] = "true",
        };
        for (var i = 0; i < sinks.Length; i++)
        {
            settings[$"Nexus:Log:CheckpointSinks:{i}"] = sinks[i];
        }

        return settings;
    }

    /// <summary>Polls until the condition holds. The test's time limit ends the wait.</summary>
    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(20, Cancelled);
        }
    }

    /// <summary>A server that receives notes.</summary>
    private sealed class Receiver(StubServer server) : IAsyncDisposable
    {
        public int Status { get; set; } = 204;

        public ConcurrentQueue<string> Notes { get; } = [];

        public ConcurrentQueue<string?> ContentTypes { get; } = [];

        public string Url => new Uri(server.Address, "notes?token=secret").ToString();

        public static async Task<Receiver> StartAsync()
        {
            Receiver? receiver = null;
            var server = await StubServer.StartAsync(app => app.MapPost("/{**rest}", async (HttpContext http) =>
            {
                using var reader = new StreamReader(http.Request.Body);
                receiver!.Notes.Enqueue(await reader.ReadToEndAsync(http.RequestAborted));
                receiver.ContentTypes.Enqueue(http.Request.ContentType);
                http.Response.StatusCode = receiver.Status;
                http.Response.Headers.Location = "/elsewhere";
            }));
            return receiver = new Receiver(server);
        }

        public Task WaitAsync(Func<ConcurrentQueue<string>, bool> isSo) => SinkTests.WaitAsync(() => Task.FromResult(isSo(Notes)));

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
