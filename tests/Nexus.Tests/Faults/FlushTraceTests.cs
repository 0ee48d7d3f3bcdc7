namespace Nexus.Tests.Faults;

/// <summary>
/// A trace of system calls shows that the write-ahead log is flushed before the first byte of a response is sent. All durability
/// guarantees rest on this order.
/// </summary>
public sealed class FlushTraceTests
{
    private const string Calls = "fsync,fdatasync,pwrite64,write,sendto,sendmsg,recvfrom,recvmsg";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SQLite_WAL_is_flushed_before_response_is_sent()
    {
        using var run = new FaultRun();
        var output = Path.Combine(run.Folder, "trace");
        await run.StartAsync(Strace.Args(output, Calls));
        for (var i = 0; i < 20; i++)
        {
            (await run.WriteAsync($"flush-{i}"))!.Ok();
        }

        run.Server.Kill();
        await run.Server.Exited;
        var trace = await SystemCalls.ReadAsync(output, Cancelled);
        for (var i = 0; i < 20; i++)
        {
            var asked = trace.Single(
                call => call.Name.StartsWith("recv", StringComparison.Ordinal) && HasText(call, $"X-Request-Id: flush-{i}\\r"));
            var answer = trace.Single(
                call =>
                    call.Name.StartsWith("send", StringComparison.Ordinal)
                        && HasText(call, "200 OK")
                        && HasText(call, $"X-Request-Id: flush-{i}\\r"));
            var written = trace.First(call => call.Name == "pwrite64" && HasText(call, run.WriteAheadLog) && call.Begun > asked.Ended);
            trace.ShouldContain(
                call => call.IsFlush && HasText(call, run.WriteAheadLog) && call.Begun > written.Ended && call.Ended < answer.Begun,
                $"answer {i}");
        }

        // Each response had its own flush.
        trace.Count(call => call.IsFlush && HasText(call, run.WriteAheadLog)).ShouldBeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public async Task PostgreSQL_WAL_is_flushed_before_commit_and_response_are_sent()
    {
        var folder = Directory.CreateTempSubdirectory("nexus-trace-").FullName;
        var (servers, nodes) = (Path.Combine(folder, "postgres"), Path.Combine(folder, "nexus"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        await using (var cluster = await PostgresCluster.StartAsync(under: Strace.Args(servers, Calls)))
        {
            using var run = new FaultRun(await cluster.CreateDatabaseAsync(Cancelled));
            await run.StartAsync(Strace.Args(nodes, Calls));
            (await run.WriteAsync())!.Ok();
            (await run.WriteAsync("flush-pg"))!.Ok();
            run.Server.Kill();
            await run.Server.Exited;
        }

        // The node responds after it received the commit confirmation.
        var node = await SystemCalls.ReadAsync(nodes, Cancelled);
        var answer = node.Single(
            call =>
                call.Name.StartsWith("send", StringComparison.Ordinal)
                    && HasText(call, "200 OK")
                    && HasText(call, "X-Request-Id: flush-pg\\r"));
        var heard = node.Last(
            call => call.Name.StartsWith("recv", StringComparison.Ordinal) && HasText(call, "COMMIT\\0") && call.Ended < answer.Begun);
        var asked = node.Last(
            call => call.Name.StartsWith("send", StringComparison.Ordinal) && HasText(call, "COMMIT") && call.Ended < heard.Ended);
        asked.Begun.ShouldBeLessThan(heard.Ended);

        // And PostgreSQL confirms after one of its processes has flushed the commit's log.
        var server = await SystemCalls.ReadAsync(servers, Cancelled);
        var commits = server.Where(call => call.Name.StartsWith("send", StringComparison.Ordinal) && HasText(call, "COMMIT\\0")).ToList();
        commits.Count.ShouldBeGreaterThan(2);
        foreach (var said in commits.TakeLast(2))
        {
            var logged = server.Last(
                call =>
                    call.Name.StartsWith("pwrite", StringComparison.Ordinal)
                        && HasText(call, "/pg_wal/")
                        && call.Thread == said.Thread
                        && call.Begun < said.Begun);
            server.ShouldContain(call => call.IsFlush && HasText(call, "/pg_wal/") && call.Begun > logged.Ended && call.Ended < said.Begun);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static bool HasText(SystemCall call, string text) => call.Text.Contains(text, StringComparison.OrdinalIgnoreCase);
}
