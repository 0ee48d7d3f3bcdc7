using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Nexus.Server.FeatureFlags.Evaluation;

namespace Nexus.Bench.Rows;

/// <summary>30 flags with targeting for one context, as a bulk evaluation has them, without HTTP and on one thread.</summary>
internal static class EvaluationRows
{
    private const int Count = 30;
    private const int Contexts = 100;

    // What people target by: attributes, lists, a shared rule, versions, shares of users.
    private static readonly string[] Targetings =
    [
        """{"if":[{"and":[{"==":[{"var":"plan"},"pro"]},{">=":[{"var":"age"},18]},{"in":[{"var":"country"},["DE","FR","US"]]}]},"on","off"]}""",
        """{"if":[{"ends_with":[{"var":"email"},"@acme.example"]},"on",{"fractional":[["on",20],["off",80]]}]}""",
        """{"fractional":[{"var":"email"},["on",50],["off",50]]}""",
        """{"if":[{"sem_ver":[{"var":"version"},">=","2.1.0"]},"on","off"]}""",
        """{"if":[{"$ref":"staff"},"on",{"starts_with":[{"var":"country"},"D"]},"on",{"some":[{"var":"tags"},{"in":[{"var":""},["beta","canary"]]}]},"on"]}""",
        """{"if":[{"or":[{"==":[{"var":"user.team"},"platform"]},{"!":[{"var":"user.locked"}]}]},{"fractional":[["on",10],["off",90]]},"off"]}""",
    ];

    public static Task<bool> RunAsync(Arguments arguments)
    {
        var set = Flags();
        var bodies = Enumerable.Range(0, Contexts).Select(Body).ToArray();
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
        return Task.FromResult(Report.AtMost("30 flags with targeting for one context, without HTTP: allocated", (double)allocated / Contexts, 0, "B"));
    }

    private static FlagSet Flags()
    {
        using var evaluators = JsonDocument.Parse("""{"staff":{"ends_with":[{"var":"email"},"@nexus.example"]}}""");
        var shared = EvaluatorSet.Read(evaluators.RootElement, EvaluatorSet.Empty).Evaluators!;
        return FlagSet.Of(Enumerable.Range(0, Count).Select(number =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"flag-{number:D2}");
            using var definition = JsonDocument.Parse(
                $$"""{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{{Targetings[number % Targetings.Length]}}}""");
            var reading = FlagDefinition.Parse(key, definition.RootElement, shared);
            return new FlagEntry(key, reading.Definition ?? throw new InvalidOperationException(reading.Faults[0].Message), new FlagOrigin(FlagLayer.Tenant, 1));
        }));
    }

    private static byte[] Body(int number) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        targetingKey = $"user-{number}",
        plan = number % 2 == 0 ? "pro" : "free",
        age = 10 + number,
        country = number % 3 == 0 ? "DE" : "BR",
        email = $"user-{number}@{(number % 5 == 0 ? "acme.example" : "other.example")}",
        version = $"2.{number % 4}.0",
        tags = new[] { "web", number % 7 == 0 ? "beta" : "stable" },
        user = new { team = "sales", locked = number % 2 == 1 },
    });

    private static EvaluationContext Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        return EvaluationContext.Read(document.RootElement, DateTimeOffset.UnixEpoch)!;
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
