using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Knowledge.Search;

public sealed class EmbeddingQueueTests
{
    private static readonly Scope _a = new("t_a", "prod"), _b = new("t_b", "prod");

    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wake_does_not_end_pause()
    {
        var queue = new EmbeddingQueue(_clock);
        queue.Enqueue(_a);
        _clock.Now = 2;
        (await queue.DequeueAsync(Cancellation)).ShouldBe((_a, false));
        queue.Enqueue(_a);
        queue.Complete(_a, isSure: false, TimeSpan.FromSeconds(300));
        queue.Enqueue(_a, isSure: true);
        queue.Enqueue(_b with { CrossTenant = true });
        _clock.Now = 299;
        (await queue.DequeueAsync(Cancellation)).ShouldBe((_b, false));
        queue.Complete(_b, isSure: false, pause: null);
        using var gone = new CancellationTokenSource();
        var next = queue.DequeueAsync(gone.Token);
        next.IsCompleted.ShouldBeFalse();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
        _clock.Now = 303;
        (await queue.DequeueAsync(Cancellation)).ShouldBe((_a, true));
    }

    [Fact]
    public async Task Scope_woken_during_processing_is_queued_again()
    {
        var queue = new EmbeddingQueue(_clock);
        queue.Enqueue(_a);
        queue.Enqueue(_a);
        _clock.Now = 2;
        await queue.DequeueAsync(Cancellation);
        queue.Enqueue(_a, isSure: true);
        queue.Complete(_a, isSure: false, pause: null);
        _clock.Now = 4;
        (await queue.DequeueAsync(Cancellation)).ShouldBe((_a, true));
        queue.Complete(_a, isSure: false, pause: null);
        queue.Enqueue(_b);
        _clock.Now = 6;
        (await queue.DequeueAsync(Cancellation)).ShouldBe((_b, false));
    }

    private sealed class ManualTimeProvider : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
