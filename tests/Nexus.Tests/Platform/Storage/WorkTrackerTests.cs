using Nexus.Server.Platform.Storage.Postgres;

namespace Nexus.Tests.Platform.Storage;

/// <summary>A disposal waits for what is under way, and for what that has started.</summary>
public sealed class WorkTrackerTests
{
    [Fact]
    public void Close_without_work_completes_at_once()
    {
        var work = new WorkTracker();
        work.TryBegin().ShouldBeTrue();
        work.End();
        work.CloseAsync().IsCompleted.ShouldBeTrue();
        work.TryBegin().ShouldBeFalse();
    }

    [Fact]
    public async Task Close_waits_for_work_and_what_it_started()
    {
        var work = new WorkTracker();
        work.TryBegin().ShouldBeTrue();
        var closed = work.CloseAsync();
        work.BeginNested();
        work.End();
        closed.IsCompleted.ShouldBeFalse();
        work.TryBegin().ShouldBeFalse();
        work.End();
        await closed.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
