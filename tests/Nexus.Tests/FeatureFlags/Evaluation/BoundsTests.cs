using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Every evaluation ends, and common targeting needs no memory.</summary>
public sealed class BoundsTests
{
    private static readonly string _numbers = $"[{string.Join(',', Enumerable.Range(0, 1_000))}]";
    private static readonly EvaluationContext _large = Flags.Context(
        $$"""
        {
          "list": {{_numbers}},
          "lists": [{{string.Join(',', Enumerable.Repeat($"[{string.Concat(Enumerable.Repeat("1,", 999))}-1]", 100))}}],
          "texts": [{{string.Join(',', Enumerable.Repeat($"\"{new string('x', 50_000)}\"", 200))}}]
        }
        """);

    [Theory]
    [InlineData("""{"reduce":[{"var":"list"},{"cat":[{"var":"accumulator"},{"var":"accumulator"}]},"x"]}""")]
    [InlineData("""{"reduce":[{"var":"list"},{"cat":["y",{"var":"accumulator"},{"var":"accumulator"}]},"x"]}""")]
    [InlineData("""{"reduce":[{"var":"list"},{"merge":[{"var":"accumulator"},{"var":"accumulator"}]},[1]]}""")]
    [InlineData("""{"map":[{"var":"texts"},{"in":["y",{"var":""}]}]}""")]
    [InlineData("""{"map":[{"var":"texts"},{"==":[{"var":""},{"cat":[{"var":""},""]}]}]}""")]
    [InlineData("""{"map":[{"var":"texts"},{"+":[{"var":""},1]}]}""")]
    [InlineData("""{"map":[{"var":"texts"},{"fractional":[{"var":""},["a",1]]}]}""")]
    [InlineData("""{"if":[{"some":[{"var":"lists"},{"all":[{"var":""},{">=":[{"var":""},0]}]}]},"a"]}""")]
    public void Evaluation_that_takes_too_many_steps_is_an_error(string targeting)
    {
        var result = Flags.Flag(targeting).Evaluate(_large);
        result.ErrorCode.ShouldBe("GENERAL");
        result.ErrorDetails.ShouldNotBeNull().ShouldContain("100000 steps");
    }

    [Fact]
    public void Flags_of_one_request_share_their_steps()
    {
        var flag = Flags.Flag("""{"if":[{"all":[{"var":"list"},{">=":[{"var":""},0]}]},"a"]}""");
        var steps = 100_000;
        flag.Evaluate(_large, ref steps).Variant.ShouldBe("a");
        steps.ShouldBeLessThan(100_000);
        steps = 100;
        flag.Evaluate(_large, ref steps).ErrorCode.ShouldBe("GENERAL");
        steps.ShouldBe(0);
        flag.Evaluate(_large, ref steps).ErrorCode.ShouldBe("GENERAL");
        Flags.Flag("""{"in":["y",{"var":"texts.0"}]}""").Evaluate(_large, ref steps).ErrorCode.ShouldBe("GENERAL");
    }

    [Fact]
    public void List_of_a_thousand_items_can_be_reduced() =>
        Flags.Flag("""{"if":[{"==":[{"reduce":[{"var":"list"},{"+":[{"var":"accumulator"},{"var":"current"}]},0]},499500]},"b","a"]}""")
            .Evaluate(_large).Variant.ShouldBe("b");

    [Theory]
    [InlineData("""{"reduce":[{"var":"list"},[{"var":"accumulator"},{"var":"accumulator"}],1]}""")]
    [InlineData("""{"cat":{"reduce":[{"var":"list"},[{"var":"accumulator"}],1]}}""")]
    [InlineData("""{"if":[{"==":[{"reduce":[{"var":"list"},[{"var":"accumulator"}],1]},"x"]},"a","no-such"]}""")]
    public void Deeply_nested_values_are_evaluated_and_explained(string targeting)
    {
        var flag = Flags.Flag(targeting);
        flag.Evaluate(_large).ErrorCode.ShouldBe("GENERAL");
        flag.Explain(_large).Result.ErrorCode.ShouldBe("GENERAL");
    }

    [Theory]
    [InlineData("""{"==":[{"var":"plan"},"free"]}""")]
    [InlineData("""{"and":[{"==":[{"var":"plan"},"pro"]},{">=":[{"var":"age"},18]},{"in":[{"var":"country"},["DE","FR"]]}]}""")]
    [InlineData("""{"ends_with":[{"var":"email"},"@acme.example"]}""")]
    [InlineData("""{"sem_ver":[{"var":"version"},"<","2.0.0"]}""")]
    [InlineData("""{"some":[{"var":"tags"},{"==":[{"var":""},"x"]}]}""")]
    [InlineData("""{"==":[{"fractional":[["x",60],["y",40]]},"z"]}""")]
    [InlineData("""{">":[{"+":[{"var":"age"},{"var":"visits"}]},100]}""")]
    [InlineData("""{"or":[{"missing":["plan"]},{"!":[{"var":"user.name"}]}]}""")]
    public void Evaluating_common_targeting_allocates_nothing(string condition)
    {
        var flag = Flags.Flag($$"""{"if":[{{condition}},"a",{"fractional":[["b",60],["b",40]]}]}""");
        var context = Flags.Context(
            """{"targetingKey":"user-1","plan":"pro","age":20,"visits":3,"country":"US","email":"ada@other.example","version":"2.1.0","tags":["y"],"user":{"name":"Ada"}}""");
        Evaluate(flag, context, 2_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Evaluate(flag, context, 1_000);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Evaluate(FlagDefinition flag, EvaluationContext context, int times)
    {
        for (var time = 0; time < times; time++)
        {
            if (flag.Evaluate(context).Variant != "b")
            {
                throw new InvalidOperationException("Another variant.");
            }
        }
    }
}
