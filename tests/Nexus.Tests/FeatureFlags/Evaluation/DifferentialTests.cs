using System.Globalization;
using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>
/// The npm package <c>@openfeature/flagd-core</c> agrees wherever the documentation leaves no doubt: a flag has the same variant, reason
/// and error. <c>NEXUS_FLAGS_SEED</c> tries other flags, <c>NEXUS_FLAGS_PAIRS</c> more of them.
/// </summary>
public sealed class DifferentialTests
{
    private const int ContextsPerFlag = 4;

    private static readonly DateTimeOffset _now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Random_flags_have_the_variant_and_reason_of_flagd_core()
    {
        var seed = Setting("NEXUS_FLAGS_SEED", 20_261_124);
        var pairs = Setting("NEXUS_FLAGS_PAIRS", 10_000);
        var random = new Random(seed);
        var flags = Enumerable.Range(0, pairs / ContextsPerFlag)
            .Select(number => RandomFlag.Create(random, number, ContextsPerFlag))
            .ToArray();
        var answers = await FlagdCore.AskAsync([.. flags.Select(flag => flag.Question())], _now, TestContext.Current.CancellationToken);

        var differences = new List<string>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (flag, answer) in flags.Zip(answers))
        {
            answer.Error.ShouldBeNull(flag.Definition.GetRawText());
            var (evaluators, faults) = EvaluatorSet.Parse(flag.Evaluators, EvaluatorSet.Empty);
            var definition = Flags.Valid(
                FlagDefinition.Parse(flag.Key, flag.Definition, evaluators.ShouldNotBeNull(string.Join('\n', faults))));
            foreach (var (context, theirs) in flag.Contexts.Zip(answer.Results!))
            {
                var result = definition.Evaluate(EvaluationContext.FromJson(context, _now)!);
                var ours = new FlagdCore.Outcome(result.Variant, result.Reason, result.ErrorCode, null);
                seen[result.Reason] = seen.GetValueOrDefault(result.Reason) + 1;
                if (ours != theirs)
                {
                    differences.Add(
                        $"{flag.Definition.GetRawText()}\n{flag.Evaluators.GetRawText()}\n{context.GetRawText()}\n  ours {ours}\n  "
                        + $"theirs {theirs}");
                }
            }
        }

        differences.Count.ShouldBe(0, string.Join("\n\n", differences.OrderBy(difference => difference.Length).Take(5)));

        // The comparison is worth as much as what it is shown: each reason must have come up often.
        foreach (var reason in new[] { "STATIC", "TARGETING_MATCH", "DEFAULT", "DISABLED", "ERROR" })
        {
            seen.GetValueOrDefault(reason).ShouldBeGreaterThan(pairs / 200, string.Join(' ', seen));
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
