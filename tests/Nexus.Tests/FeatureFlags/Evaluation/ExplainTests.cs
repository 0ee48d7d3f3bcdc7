using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class ExplainTests
{
    [Fact]
    public void Steps_lead_to_the_variant()
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
    public void Operation_remarks_why_it_gave_null()
    {
        var explanation = Flags.Flag("""{"fractional":[["a",1],["b",1]]}""").Explain(Flags.Context("{}"));
        explanation.Steps[^2].Remark.ShouldNotBeNull().ShouldContain("targetingKey");
        explanation.Steps[^1].ShouldBe(new FlagStep("/defaultVariant", "defaultVariant", explanation.Steps[^1].Inputs, "\"a\"", null));
    }

    [Fact]
    public void Error_is_the_last_step()
    {
        var context = Flags.Context($$"""{"list":[{{string.Join(',', Enumerable.Range(0, 1_000))}}]}""");
        var explanation = Flags.Flag("""{"reduce":[{"var":"list"},{"cat":[{"var":"accumulator"},{"var":"accumulator"}]},"x"]}""")
            .Explain(context);
        explanation.Result.ErrorCode.ShouldBe("GENERAL");
        explanation.Steps[^1].ShouldBe(
            new FlagStep("/targeting", "targeting", explanation.Steps[^1].Inputs, "error: takes more than 100000 steps", null));
    }

    [Fact]
    public void Operand_that_was_not_evaluated_shows_its_JSON()
    {
        var explanation = Flags.Flag("""{"if":[{"var":"beta"},{"cat":["b"]},"a"]}""").Explain(Flags.Context("{}"));
        explanation.Steps[^1].Inputs.ShouldBe(["null", """{"cat":["b"]}""", "\"a\""]);
    }

    [Fact]
    public void Steps_within_an_evaluator_stand_at_the_reference()
    {
        var evaluators = Flags.Evaluators("""{"vip":{"and":[{"var":"beta"},{"==":[{"var":"plan"},"pro"]}]}}""");
        var explanation = Flags.Flag("""{"if":[{"$ref":"vip"},"b","a"]}""", evaluators)
            .Explain(Flags.Context("""{"beta":true,"plan":"pro"}"""));
        explanation.Steps.Select(step => (step.Path, step.Operator, string.Join(' ', step.Inputs), step.Outcome)).ShouldBe(
        [
            ("/state", "state", "", "ENABLED"),
            ("/targeting/if/0", "var", "\"beta\"", "true"),
            ("/targeting/if/0", "var", "\"plan\"", "\"pro\""),
            ("/targeting/if/0", "==", "\"pro\" \"pro\"", "true"),
            ("/targeting/if/0", "and", "true true", "true"),
            ("/targeting", "if", "true \"b\" \"a\"", "\"b\""),
        ]);
    }

    [Fact]
    public void Steps_are_limited_in_number_and_length()
    {
        var context = Flags.Context($$"""{"list":[{{string.Join(',', Enumerable.Repeat($"\"{new string('x', 1_000)}\"", 500))}}]}""");
        var explanation = Flags.Flag("""{"if":[{"some":[{"var":"list"},{"==":[{"var":""},"y"]}]},"a","b"]}""").Explain(context);
        explanation.Result.Variant.ShouldBe("b");
        explanation.Steps.Count.ShouldBeLessThanOrEqualTo(210);
        explanation.Steps.ShouldAllBe(step => step.Outcome.Length < 150 && step.Inputs.All(input => input.Length < 150));
    }

    [Fact]
    public void Explanation_has_the_result_of_an_evaluation()
    {
        var random = new Random(7);
        for (var number = 0; number < 2_000; number++)
        {
            var flag = RandomFlag.Create(random, number, contexts: 2);
            var (evaluators, _) = EvaluatorSet.Parse(flag.Evaluators, EvaluatorSet.Empty);
            var definition = FlagDefinition.Parse(flag.Key, flag.Definition, evaluators!).Definition;
            if (definition is null)
            {
                continue;
            }

            foreach (var json in flag.Contexts)
            {
                var context = EvaluationContext.FromJson(json, Flags.Now)!;
                var (plain, explained) = (definition.Evaluate(context), definition.Explain(context));
                (explained.Result.Variant, explained.Result.Reason, explained.Result.ErrorCode)
                    .ShouldBe((plain.Variant, plain.Reason, plain.ErrorCode), flag.Definition.GetRawText());
            }
        }
    }
}
