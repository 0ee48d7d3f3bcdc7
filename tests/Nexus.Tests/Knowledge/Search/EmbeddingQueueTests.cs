using Nexus.Server.Knowledge.Search;
using Nexus.Server.Platform.Storage;

namespace Nexus.Tests.Knowledge.Search;

public sealed class EmbeddingQueueTests
{
    private static readonly Scope _a = new("t_a", "prod"), _b = new("t_b", "prod");

    private readonly Seconds _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_pauses_goes_on_pausing_however_often_it_is_woken()
    {
        var queue = new EmbeddingQueue(_clock);
        queue.Wake(_a);
        _clock.Now = 2;
        (await queue.NextAsync(Cancellation)).ShouldBe((_a, false));
        queue.Wake(_a);
        queue.Done(_a, isSure: false, TimeSpan.FromSeconds(300));
        queue.Wake(_a, isSure: true);
        queue.Wake(_b with { CrossTenant = true });
        _clock.Now = 299;
        (await queue.NextAsync(Cancellation)).ShouldBe((_b, false));
        queue.Done(_b, isSure: false, pause: null);
        using var gone = new CancellationTokenSource();
        var next = queue.NextAsync(gone.Token);
        next.IsCompleted.ShouldBeFalse();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await next);
        _clock.Now = 303;
        (await queue.NextAsync(Cancellation)).ShouldBe((_a, true));
    }

    [Fact]
    public async Task One_that_is_woken_while_it_is_worked_on_comes_again()
    {
        var queue = new EmbeddingQueue(_clock);
        queue.Wake(_a);
        queue.Wake(_a);
        _clock.Now = 2;
        await queue.NextAsync(Cancellation);
        queue.Wake(_a, isSure: true);
        queue.Done(_a, isSure: false, pause: null);
        _clock.Now = 4;
        (await queue.NextAsync(Cancellation)).ShouldBe((_a, true));
        queue.Done(_a, isSure: false, pause: null);
        queue.Wake(_b);
        _clock.Now = 6;
        (await queue.NextAsync(Cancellation)).ShouldBe((_b, false));
    }

    private sealed class Seconds : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
