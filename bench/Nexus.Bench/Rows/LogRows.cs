using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Hosting;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;
using Nexus.Testing;
using EventLog = Nexus.Server.Audit.Events.EventLog;

namespace Nexus.Bench.Rows;

/// <summary>What a log costs when it is long: one more event and one proof, at a million events against a thousand, in process.</summary>
internal static class LogRows
{
    private const int Short = 1_000;
    private const int Long = 1_000_000;
    private const int Appends = 4_000;
    private const int Proofs = 2_000;

    public static async Task<bool> RunAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        var engine = arguments.Engine ?? "sqlite";
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Nexus:Database:Engine"] = engine,
            ["Logging:LogLevel:Default"] = "Warning",
        };
        if (engine == "postgres")
        {
            settings["Nexus:Database:ConnectionString"] = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(
                CancellationToken.None);
        }

        // Not started: no background work of its own runs beside what is measured.
        await using var app = await Server.Program.BuildAsync(new ServeOptions { DataFolder = scratch["nexus"], Settings = settings });
        var logs = app.Services;
        var grown = new Scope("t_long", "prod");
        await GrowAsync(logs, grown, Long);
        var (appends, proofs) = (new Pairs(), new Pairs());
        for (var round = -1; round < arguments.Rounds; round++)
        {
            var young = new Scope($"t_short{round + 1}", "prod");
            await GrowAsync(logs, young, Short);
            // The first round is the warm-up.
            proofs.Add(round, await ProveAsync(logs, young, Short), await ProveAsync(logs, grown, Long));
            appends.Add(
                round,
                await AppendAsync(logs, young, arguments.Connections),
                await AppendAsync(logs, grown, arguments.Connections));
        }

        return appends.AtMost($"one more event at 1,000,000 events, {engine}: time, to one at 1,000", 1.2)
            & proofs.AtMost($"an inclusion proof at 1,000,000 events, {engine}: time, to one at 1,000", 2);
    }

    private static async Task GrowAsync(IServiceProvider logs, Scope scope, int size)
    {
        const int AtOnce = 1_000;
        for (var written = 0; written < size; written += AtOnce)
        {
            await WriteAsync(logs, scope, AtOnce);
        }
    }

    private static async Task WriteAsync(IServiceProvider logs, Scope scope, int count)
    {
        var (log, context) = (logs.GetRequiredService<EventLog>(), RequestContextFactory.ForSystem("bench", scope));
        await logs.GetRequiredService<Database>().WriteAsync(
            scope,
            async session =>
            {
                for (var i = 0; i < count; i++)
                {
                    await log.AppendAsync(session, context, new NewEvent("benched", "bench", "one"));
                }

                return count;
            },
            CancellationToken.None);
    }

    /// <summary>Microseconds an event, each a durable write of its own, so many at a time.</summary>
    private static async Task<double> AppendAsync(IServiceProvider logs, Scope scope, int writers)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            for (var i = 0; i < Appends / writers; i++)
            {
                await WriteAsync(logs, scope, 1);
            }
        }));
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / Appends;
    }

    /// <summary>Microseconds a proof, of events all over the log.</summary>
    private static async Task<double> ProveAsync(IServiceProvider logs, Scope scope, int size)
    {
        var database = logs.GetRequiredService<Database>();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Proofs; i++)
        {
            var seq = (long)i * size / Proofs;
            var proof = await database.ReadAsync(
                scope,
                session => new LogTree(session).GetHashesAsync([new LeafRange(0, size), .. LeafRange.Inclusion(seq, size)]),
                CancellationToken.None);
            if (proof.Count < 2)
            {
                throw new InvalidOperationException("A proof is empty.");
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / Proofs;
    }

    private sealed class Pairs
    {
        private readonly List<(double Short, double Long)> _rounds = [];

        public void Add(int round, double young, double grown)
        {
            if (round >= 0)
            {
                _rounds.Add((young, grown));
            }
        }

        public bool AtMost(string what, double limit)
        {
            var (young, grown) = (
                Comparison.Median(_rounds.Select(round => round.Short)),
                Comparison.Median(_rounds.Select(round => round.Long)));
            return Report.AtMost(
                what,
                grown / young,
                limit,
                "×",
                $"{young:0} µs",
                $"{grown:0} µs",
                string.Join(' ', _rounds.Select(round => Report.Number(round.Long / round.Short))));
        }
    }
}
