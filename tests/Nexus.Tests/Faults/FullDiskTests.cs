using System.Diagnostics;
using System.Globalization;

namespace Nexus.Tests.Faults;

/// <summary>SQLite on a full disk or at the file size limit: writes are refused until there is room, and none is half-written.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_rejects_writes_without_partial_data()
    {
        using var run = new FaultRun();
        Directory.CreateDirectory(run.Data);
        using var disk = await SmallDisk.MountAsync(run.Data, "64m", Cancelled);
        if (disk is null)
        {
            // Mounting is not permitted here, so use the closest limit that an unprivileged user can set.
            await ShouldRejectWritesUntilFreedAsync(run, () => Limit(run, "262144"), () => Limit(run, "unlimited"));
            return;
        }

        await ShouldRejectWritesUntilFreedAsync(run, disk.Fill, disk.Free, disk.OutsidePath, disk.NamespaceCommand);
    }

    [Fact]
    public async Task File_size_limit_rejects_writes_without_partial_data()
    {
        using var run = new FaultRun();
        await ShouldRejectWritesUntilFreedAsync(run, () => Limit(run, "262144"), () => Limit(run, "unlimited"));
    }

    private static async Task ShouldRejectWritesUntilFreedAsync(
        FaultRun run, Action fill, Action free, string? seen = null, params IEnumerable<string> under)
    {
        await run.StartAsync(under);
        for (var round = 0; round < 3; round++)
        {
            (await run.WriteAsync())!.Ok();
            fill();
            var refusals = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => run.WriteAsync()));
            foreach (var refusal in refusals)
            {
                refusal!.Refused(503, "unavailable")["Retry-After"].ShouldBe("1");
            }

            (await run.ReadAsync())!.Ok();
            free();
            (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => run.WriteAsync()))).ShouldAllBe(reply => reply!.Status == 200);
        }

        // Killed while the disk is full, restarted once it is not.
        fill();
        (await run.WriteAsync())!.Refused(503, "unavailable");
        run.Server.Kill();
        (await run.Server.Exited).ShouldBe(137);
        free();
        await run.StartAsync(under);
        (await run.CheckAsync(seen, under)).ShouldBeEmpty();
        run.Acknowledged.ShouldBe(15);
        (await run.WriteAsync())!.Ok();
    }

    /// <summary>Limits the file size of the running server. The write-ahead log already exceeds it.</summary>
    private static void Limit(FaultRun run, string bytes)
    {
        if (run.Server.Exited.IsCompleted)
        {
            return;
        }

        using var limit = Process.Start("prlimit", ["--pid", run.Server.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={bytes}:"]);
        limit.WaitForExit();
        limit.ExitCode.ShouldBe(0);
    }
}
