using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class ExplainTests
{
    [Fact]
    public void The_steps_lead_to_the_variant()
    {
        var explanation = Flags.Flag("""{"if":[{"==":[{"var":"plan"},"pro"]},"b","a"]}""").Explain(Flags.Context("""{"plan":"pro"}"""));
        explanation.Result.Variant.ShouldBe("b");
        explanation.Steps.Select(step => (step.Path, step.Operator, string.Join(' ', step.Inputs), step.Outcome)).ShouldBe(
        [
            ("/state", "state", "", "ENABLED"),
            ("/targeting/if/0/==/0", "var", "\"plan\"", "\"pro\""),
            ("/targeting/if/0", "==", "\"pro\" \"pro\"", "true"),
            ("/targeting", "if", "true \"b\" \"a\"", "\"b\""),
        ]);
    }

    [Fact]
    public void An_operator_says_why_it_gave_nothing()
    {
        var explanation = Flags.Flag("""{"fractional":[["a",1],["b",1]]}""").Explain(Flags.Context("{}"));
        explanation.Steps[^2].Remark.ShouldNotBeNull().ShouldContain("targetingKey");
        explanation.Steps[^1].ShouldBe(new FlagStep("/defaultVariant", "defaultVariant", explanation.Steps[^1].Inputs, "\"a\"", null));
    }

    [Fact]
    public void An_error_is_the_last_step()
    {
        var explanation = Flags.Flag("""{"if":[{"+":[{"var":"x"},1]},"a","b"]}""").Explain(Flags.Context("""{"x":"y"}"""));
        explanation.Result.ErrorCode.ShouldBe("GENERAL");
        (explanation.Steps[^1].Path, explanation.Steps[^1].Operator).ShouldBe(("/targeting/if/0", "+"));
        explanation.Steps[^1].Outcome.ShouldStartWith("error");
    }

    [Fact]
    public void Steps_are_few_and_short()
    {
        var context = Flags.Context($$"""{"list":[{{string.Join(',', Enumerable.Repeat($"\"{new string('x', 1_000)}\"", 500))}}]}""");
        var explanation = Flags.Flag("""{"if":[{"some":[{"var":"list"},{"==":[{"var":""},"y"]}]},"a","b"]}""").Explain(context);
        explanation.Result.Variant.ShouldBe("b");
        explanation.Steps.Count.ShouldBeLessThanOrEqualTo(210);
        explanation.Steps.ShouldAllBe(step => step.Outcome.Length < 150 && step.Inputs.All(input => input.Length < 150));
    }

    [Fact]
    public void Explaining_changes_no_outcome()
    {
        var random = new Random(7);
        for (var number = 0; number < 2_000; number++)
        {
            var flag = RandomFlag.Make(random, number, contexts: 2);
            var (evaluators, _) = EvaluatorSet.Read(flag.Evaluators, EvaluatorSet.Empty);
            var definition = FlagDefinition.Parse(flag.Key, flag.Definition, evaluators!).Definition;
            if (definition is null)
            {
                continue;
            }

            foreach (var json in flag.Contexts)
            {
                var context = EvaluationContext.Read(json, Flags.Now)!;
                var (plain, explained) = (definition.Evaluate(context), definition.Explain(context));
                (explained.Result.Variant, explained.Result.Reason, explained.Result.ErrorCode)
                    .ShouldBe((plain.Variant, plain.Reason, plain.ErrorCode), flag.Definition.GetRawText());
            }
        }
    }
}
