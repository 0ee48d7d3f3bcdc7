using System.Diagnostics;
using System.Text.Json;
using Nexus.Flags;

namespace Nexus.Bench.Rows;

/// <summary>30 flags with targeting for one context, as a bulk evaluation has them, without HTTP and on one thread.</summary>
internal static class EvaluationRows
{
    private const int Contexts = 100;

    public static Task<bool> RunAsync(Arguments arguments)
    {
        var set = Flags();
        var bodies = Enumerable.Range(0, Contexts).Select(FlagTexts.Context).ToArray();
        var contexts = bodies.Select(Read).ToArray();
        Rate(arguments.Window, turn => Evaluate(set, contexts[turn % Contexts]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var context in contexts)
        {
            Evaluate(set, context);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var alone = new List<double>();
        var withReading = new List<double>();
        for (var round = 0; round < arguments.Rounds; round++)
        {
            alone.Add(Rate(arguments.Window, turn => Evaluate(set, contexts[turn % Contexts])));
            withReading.Add(Rate(arguments.Window, turn => Evaluate(set, Read(bodies[turn % Contexts]))));
        }

        Report.Floor("30 flags with targeting for one context, without HTTP, one thread", Comparison.Median(alone), Rounds(alone));
        Report.Floor("the same, the context read from JSON each time", Comparison.Median(withReading), Rounds(withReading));
        return Task.FromResult(
            Report.AtMost("30 flags with targeting for one context, without HTTP: allocated", (double)allocated / Contexts, 0, "B"));
    }

    private static FlagSet Flags()
    {
        using var evaluators = JsonDocument.Parse(FlagTexts.Evaluators);
        var shared = EvaluatorSet.Parse(evaluators.RootElement, EvaluatorSet.Empty).Evaluators!;
        return FlagSet.Create(FlagTexts.Definitions().Select(flag =>
        {
            using var definition = JsonDocument.Parse(flag.Definition);
            var reading = FlagDefinition.Parse(flag.Key, definition.RootElement, shared);
            return new FlagEntry(
                flag.Key,
                reading.Definition ?? throw new InvalidOperationException(reading.Faults[0].Message),
                new FlagOrigin(FlagLayer.Tenant, 1));
        }));
    }

    private static EvaluationContext Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return EvaluationContext.FromJson(document.RootElement, DateTimeOffset.UnixEpoch)!;
    }

    private static void Evaluate(FlagSet set, EvaluationContext context)
    {
        for (var index = 0; index < set.Entries.Count; index++)
        {
            var entry = set.Entries[index];
            if (FlagSet.Evaluate(entry, context).ErrorCode is { } error)
            {
                throw new InvalidOperationException($"{entry.Key}: {error}");
            }
        }
    }

    private static double Rate(TimeSpan window, Action<int> evaluate)
    {
        var turns = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < window)
        {
            for (var more = 0; more < 100; more++)
            {
                evaluate(turns++);
            }
        }

        return turns / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Rounds(IEnumerable<double> rates) => string.Join(' ', rates.Select(Report.PerSecond));
}
