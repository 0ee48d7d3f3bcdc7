using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Nexus.Client;

namespace Nexus.Tests.Cli.Audit;

/// <summary><c>nexus audit tail</c> over connections that break, and events that try to break a terminal.</summary>
public sealed class TailTests : IAsyncDisposable
{
    private readonly CommandRun _command = new() { Time = new ImmediateTimeProvider() };
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly List<string?> _resumed = [];
    private StubServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Broken_connection_resumes_after_last_event()
    {
        _answers.Enqueue(context => SendAsync(context, [Line(5), "event: ping\ndata: {}\n\n", Line(6)], breaksOff: true));
        _answers.Enqueue(context => StatusAsync(context, 503));
        _answers.Enqueue(context => SendAsync(context, [Line(7), "event: end\ndata: {\"code\":\"unavailable\"}\n\n"]));
        _answers.Enqueue(context => SendAsync(context, [Line(8), Line(9)]));
        var (exit, output, error) = await TailAsync("--count", "4", "--after", "4");
        exit.ShouldBe(0, error);
        Seqs(output).ShouldBe([5, 6, 7, 8]);
        _resumed.ShouldBe(["4", "6", "6", "7"]);
        error.ShouldContain("The stream was interrupted; reconnecting in 1 s after event 6.");
        error.ShouldContain("reconnecting in 2 s after event 6.");
        error.ShouldContain("The stream ended; reconnecting in 1 s after event 7.");
    }

    [Fact]
    public async Task Duplicate_events_are_dropped_and_gaps_are_reported()
    {
        _answers.Enqueue(context => SendAsync(context, [Line(1), Line(2), Line(2), Line(1), Line(5)]));
        var (exit, output, error) = await TailAsync("--count", "3");
        exit.ShouldBe(0, error);
        Seqs(output).ShouldBe([1, 2, 5]);
        error.ShouldBe("nexus: The server skipped events 3 to 4.\n");
        _resumed.ShouldBe([null]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    public async Task Count_below_1_exits_2(string count)
    {
        var (exit, output, error) = await TailAsync("--count", count);
        (exit, output).ShouldBe((2, ""), error);
        error.ShouldStartWith("nexus: client.usage: --count");
    }

    [Theory]
    [InlineData("--after")]
    [InlineData("--count")]
    public async Task Non_numeric_option_exits_2_with_message(string option)
    {
        var (exit, _, error) = await TailAsync(option, "many");
        exit.ShouldBe(2);
        error.ShouldContain($"Invalid value 'many' for {option}. Expected a whole number.");
    }

    [Fact]
    public async Task Event_is_one_line_with_control_characters_escaped()
    {
        const string Agent = "a\u001b[31m\r\nb\u202ec\u2028d\u009b0me\u0007\u007f";
        _answers.Enqueue(context => SendAsync(context, [Line(1, Agent)]));
        _answers.Enqueue(context => SendAsync(context, [Line(1, Agent)]));
        var (_, table, _) = await TailAsync("--count", "1", "-o", "table");
        table.ShouldEndWith("\n");
        table[..^1].ShouldBe(
            @"     1  2026-05-01T12:00:00Z  card_created  card c1  by a\u001b[31m\u000d\u000ab\u202ec\u2028d\u009b0me\u0007\u007f (human)  trace t1");
        var (_, json, _) = await TailAsync("--count", "1");
        json[..^1].ShouldNotContain("\n");
        json[..^1].Any(symbol => char.IsControl(symbol) || symbol is '\u202e' or '\u2028').ShouldBeFalse();
        JsonElement.Parse(json).GetProperty("agentId").GetString().ShouldBe(Agent);
    }

    [Fact]
    public async Task Refused_connection_or_reconnect_ends_tail()
    {
        _answers.Enqueue(context => SendAsync(context, [Line(1)]));
        _answers.Enqueue(context => StatusAsync(context, 403));
        (await TailAsync()).Exit.ShouldBe(3);
        _answers.Enqueue(context => StatusAsync(context, 400));
        (await TailAsync("--after", "99")).Exit.ShouldBe(1);
        _answers.Enqueue(context => StatusAsync(context, 503));
        (await TailAsync()).Exit.ShouldBe(5);
        _answers.Enqueue(context => SendAsync(context, ["data: {\"no\":\"event\"}\n\n"]));
        (await TailAsync()).Exit.ShouldBe(5);
    }

    [Fact]
    public async Task Silent_stream_times_out()
    {
        _answers.Enqueue(async context =>
        {
            await SendAsync(context, [": hello\n\n"]);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await StartAsync();
        using var http = new HttpClient();
        var client = new NexusClient(http, new NexusClientOptions { Server = _server!.Address });
        var gone = await Should.ThrowAsync<HttpIOException>(async () =>
            await client.StreamEventsAsync(maxSilence: TimeSpan.FromMilliseconds(100), cancellationToken: Cancellation)
                .FirstAsync(Cancellation));
        gone.Message.ShouldContain("No data received for 0.1 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        _command.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task<(int Exit, string Out, string Error)> TailAsync(params string[] args)
    {
        await StartAsync();
        return await _command.RunAsync(["audit", "tail", "--server", _server!.Address.AbsoluteUri, "--token", "t", .. args]);
    }

    private async Task StartAsync() =>
        _server ??= await StubServer.StartAsync(app => app.MapGet("/audit/events/stream", (HttpContext context) =>
        {
            _resumed.Add(context.Request.Headers["Last-Event-ID"] is [{ } last] ? last : null);
            return _answers.TryDequeue(out var answer) ? answer(context) : StatusAsync(context, 418);
        }));

    /// <summary>
    /// Sends parts of a stream; one that breaks off has promised more, so that the connection is closed behind what was sent.
    /// </summary>
    private static async Task SendAsync(HttpContext context, string[] parts, bool breaksOff = false)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.ContentLength = breaksOff ? 1_000_000 : null;
        foreach (var part in parts)
        {
            await context.Response.WriteAsync(part);
            await context.Response.Body.FlushAsync();
        }
    }

    private static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static IEnumerable<long> Seqs(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("seq").GetInt64());

    private static string Line(long seq, string agent = "user_1") => $"id: {seq}\ndata: " + JsonSerializer.Serialize(
        new DatasetEvent
        {
            EventId = $"e{seq}", Seq = seq, RecordedAt = new DateTimeOffset(
                2026,
                5,
                1,
                12,
                0,
                0,
                TimeSpan.Zero), LeafHash = "", TenantId = "t_acme", Env = "prod", Surface = "nexus",
            AgentId = agent, PiiFlags = new PiiFlags
            {
                Flags = [],
                Counts = new Dictionary<string, int>(),
            }, TrainOk = false, TrainBasis = "default", TraceId = "t1", RequestId = "r1", ActorType = "human",
            Metadata = JsonElement.Parse("""{"event_type":"card_created","asset_type":"card","asset_id":"c1"}"""),
        },
        WireJson.Default.DatasetEvent) + "\n\n";

    /// <summary>A clock whose timers do not wait.</summary>
    private sealed class ImmediateTimeProvider : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
