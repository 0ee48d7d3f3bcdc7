using System.Globalization;
using System.Text.Json;
using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>
/// Flags come to what <c>@openfeature/flagd-core</c> makes of them. <c>NEXUS_FLAGS_SEED</c> tries other flags,
/// <c>NEXUS_FLAGS_PAIRS</c> more of them.
/// </summary>
public sealed class DifferentialTests
{
    private const int ContextsAFlag = 4;

    private static readonly DateTimeOffset _now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Random_flags_and_contexts_give_the_variant_and_reason_of_flagd_core()
    {
        var seed = Setting("NEXUS_FLAGS_SEED", 20_261_124);
        var pairs = Setting("NEXUS_FLAGS_PAIRS", 10_000);
        var random = new Random(seed);
        var flags = Enumerable.Range(0, pairs / ContextsAFlag).Select(number => RandomFlag.Make(random, number, ContextsAFlag)).ToArray();
        var answers = await FlagdCore.AskAsync([.. flags.Select(flag => flag.Question())], _now, TestContext.Current.CancellationToken);

        var differences = new List<string>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (flag, answer) in flags.Zip(answers))
        {
            answer.Error.ShouldBeNull(flag.Definition.GetRawText());
            var (evaluators, evaluatorFaults) = EvaluatorSet.Read(flag.Evaluators, EvaluatorSet.Empty);
            evaluators.ShouldNotBeNull(string.Join('\n', evaluatorFaults));
            var reading = FlagDefinition.Parse(flag.Key, flag.Definition, evaluators);
            foreach (var (context, theirs) in flag.Contexts.Zip(answer.Results!))
            {
                var ours = Ours(reading, flag, context);
                seen[ours.Reason!] = seen.GetValueOrDefault(ours.Reason!) + 1;
                if (ours != theirs && theirs.Thrown is null)
                {
                    differences.Add($"{flag.Definition.GetRawText()}\n{flag.Evaluators.GetRawText()}\n{context.GetRawText()}\n  ours {ours}\n  theirs {theirs}\n  {string.Join(' ', reading.Faults)}");
                }
            }
        }

        differences.Count.ShouldBe(0, string.Join("\n\n", differences.OrderBy(difference => difference.Length).Take(5)));

        // The judge only judges what it is shown: each reason must have come up often.
        foreach (var reason in new[] { "STATIC", "TARGETING_MATCH", "DEFAULT", "DISABLED", "ERROR" })
        {
            seen.GetValueOrDefault(reason).ShouldBeGreaterThan(pairs / 200, string.Join(' ', seen));
        }
    }

    // A definition that cannot be evaluated whatever the context is refused here; there it is kept and every evaluation fails.
    private static FlagdCore.Outcome Ours(FlagReading reading, RandomFlag flag, JsonElement context)
    {
        if (!reading.IsSound)
        {
            return flag.Definition.GetProperty("state").GetString() == "DISABLED"
                ? new FlagdCore.Outcome(null, "DISABLED", null, null)
                : new FlagdCore.Outcome(null, "ERROR", "PARSE_ERROR", null);
        }

        var result = reading.Definition.Evaluate(EvaluationContext.Read(context, _now)!);
        return new FlagdCore.Outcome(result.Variant, result.Reason, result.ErrorCode, null);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
