namespace Nexus.Tests.Faults;

/// <summary>
/// SQLite on a failing disk: flushes and writes of the database files return errors as from the kernel. Nothing acknowledged is
/// lost, nothing is half-written, and no caller gets a success for something that did not happen.
/// </summary>
public sealed class DiskFaultTests
{
    private const string Flushes = "fsync,fdatasync";
    private const string Calls = Flushes + ",pwrite64,ftruncate";

    [Theory]
    [InlineData("nexus.db-wal", 1)]
    [InlineData("nexus.db-wal", 16)]
    [InlineData("nexus.db", 16)]
    public async Task Failed_flush_terminates_process_without_retry(string file, int writers)
    {
        using var run = new FaultRun();
        var trace = Path.Combine(run.Folder, "trace");
        var path = Path.Combine(run.Data, file);
        await run.StartAsync(Strace.Args(trace, Calls, $"{Flushes}:error=EIO:when={(file == "nexus.db" ? 2 : 40)}+", path));
        var last = await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => run.WriteUntilRefusedAsync()));

        // Requests in flight get no response, so their outcome is unknown.
        last.ShouldAllBe(reply => reply == null);
        (await run.Server.Exited).ShouldNotBe(0);
        run.Log.ShouldContain("\"LogLevel\":\"Critical\"");
        run.Log.ShouldContain("The disk failed below the database");
        run.Acknowledged.ShouldBeGreaterThan(10);
        var calls = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        var failed = Array.FindIndex(calls, call => call.Contains("(INJECTED)", StringComparison.Ordinal));
        calls[failed].ShouldContain(path);
        calls.Skip(failed + 1).ShouldNotContain(call => call.Contains(path, StringComparison.Ordinal));

        await run.StartAsync();
        (await run.CheckAsync()).ShouldBeEmpty();
        (await run.WriteAsync())!.Ok();
    }

    [Fact]
    public async Task Out_of_space_returns_503_until_space_is_available()
    {
        using var run = new FaultRun();
        await run.StartAsync(); // The first start writes the schema, whose size is irrelevant here.
        await run.StartAsync(
            Strace.Args(Path.Combine(run.Folder, "trace"), "pwrite64", "pwrite64:error=ENOSPC:when=400..409", run.WriteAheadLog));
        var refusal = (await run.WriteUntilRefusedAsync())!;
        refusal.Refused(503, "unavailable")["Retry-After"].ShouldBe("1");
        var before = run.Acknowledged;
        (await run.ReadAsync())!.Ok();
        var reply = refusal;
        for (var i = 0; i < 20 && reply.Status == 503; i++)
        {
            reply = (await run.WriteAsync())!;
        }

        reply.Ok();
        run.Acknowledged.ShouldBe(before + 1);
        (await run.CheckAsync()).ShouldBeEmpty();
        run.Server.Kill();
        await run.StartAsync();
        (await run.CheckAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_only_disk_rejects_writes_and_still_serves_reads()
    {
        using var run = new FaultRun();
        await run.StartAsync(); // The first start writes the schema, whose size is irrelevant here.
        await run.StartAsync(
            Strace.Args(
                Path.Combine(run.Folder, "trace"),
                "pwrite64,ftruncate",
                "pwrite64,ftruncate:error=EROFS:when=400+",
                run.WriteAheadLog,
                run.Database));
        for (var i = 0; i < 5; i++)
        {
            var refusal = (await run.WriteUntilRefusedAsync())!;
            refusal.Refused(503, "unavailable")["Retry-After"].ShouldBe("1");
            (await run.ReadAsync())!.Ok();
        }

        run.Acknowledged.ShouldBeGreaterThan(5);
        run.Server.Kill();
        await run.StartAsync();
        (await run.CheckAsync()).ShouldBeEmpty();
        (await run.WriteAsync())!.Ok();
    }

    [Fact]
    public async Task Start_on_read_only_disk_fails_with_message()
    {
        using var run = new FaultRun();
        var failure = await Should.ThrowAsync<InvalidOperationException>(() =>
            run.StartAsync(
                Strace.Args(Path.Combine(run.Folder, "trace"), "openat", "openat:error=EROFS", Path.Combine(run.Data, "nexus.lock"))));
        failure.Message.ShouldContain("nexus: serve.refused: The data folder");
        failure.Message.ShouldContain("cannot be written");
    }

    [Fact]
    public async Task Start_on_full_disk_fails_with_message_and_succeeds_later()
    {
        using var run = new FaultRun();
        var failure = await Should.ThrowAsync<InvalidOperationException>(() =>
            run.StartAsync(
                Strace.Args(Path.Combine(run.Folder, "trace"), "pwrite64", "pwrite64:error=ENOSPC:when=40+", run.WriteAheadLog)));
        failure.Message.ShouldContain("nexus: serve.refused: The database in the data folder");
        failure.Message.ShouldContain("full");
        await run.StartAsync();
        (await run.WriteAsync())!.Ok();
        (await run.CheckAsync()).ShouldBeEmpty();
    }
}
