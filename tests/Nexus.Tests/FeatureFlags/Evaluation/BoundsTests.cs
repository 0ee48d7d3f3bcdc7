using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>A targeting ends, whatever it is, and the common case needs no memory.</summary>
public sealed class BoundsTests
{
    private static readonly EvaluationContext _large = Flags.Context(
        $$"""{"list":[{{string.Join(',', Enumerable.Range(0, 1_000))}}],"text":"{{new string('x', 50_000)}}"}""");

    [Theory]
    [InlineData("""{"map":[{"var":"list"},{"map":[{"var":"../../list"},{"map":[{"var":"../../../../list"},{"var":""}]}]}]}""")]
    [InlineData("""{"reduce":[{"var":"list"},{"cat":[{"var":"accumulator"},{"var":"accumulator"}]},"x"]}""")]
    [InlineData("""{"reduce":[{"var":"list"},{"merge":[{"var":"accumulator"},{"var":"accumulator"}]},[1]]}""")]
    [InlineData("""{"map":[{"var":"list"},{"in":["y",{"var":"../../text"}]}]}""")]
    [InlineData("""{"map":[{"var":"list"},{"==":[{"var":"../../text"},{"cat":[{"var":"../../text"},""]}]}]}""")]
    [InlineData("""{"if":[{"some":[{"var":"list"},{"all":[{"var":"../../list"},{"all":[{"var":"../../../../list"},{">=":[{"var":""},0]}]}]}]},"a"]}""")]
    public void Iterations_that_would_not_end_are_an_error(string targeting) =>
        Flags.Flag(targeting).Evaluate(_large).ErrorCode.ShouldBe("GENERAL");

    [Fact]
    public void Flags_of_one_request_share_what_they_may_take()
    {
        var flag = Flags.Flag("""{"if":[{"all":[{"var":"list"},{">=":[{"var":""},0]}]},"a"]}""");
        var steps = 100_000;
        flag.Evaluate(_large, ref steps).Variant.ShouldBe("a");
        steps.ShouldBeLessThan(100_000);
        steps = 100;
        flag.Evaluate(_large, ref steps).ErrorCode.ShouldBe("GENERAL");
        steps.ShouldBe(0);
        flag.Evaluate(_large, ref steps).ErrorCode.ShouldBe("GENERAL");
        Flags.Flag("""{"==":[{"var":"text"},"y"]}""").Evaluate(_large, ref steps).ErrorCode.ShouldBe("GENERAL");
    }

    [Fact]
    public void What_is_known_beforehand_shares_what_a_targeting_may_take()
    {
        var list = string.Join(',', Enumerable.Range(0, 1_000));
        var sum = $$$"""{"reduce":[[{{{list}}}],{"cat":[{"var":"current"},""]},""]}""";
        Flags.Targeting($$"""{"cat":[{{sum}}]}""").IsSound.ShouldBeTrue();
        Flags.Targeting($$"""{"or":[{{string.Join(',', Enumerable.Repeat(sum, 15))}}]}""").Parts.ShouldBeGreaterThan(15_000);
    }

    [Fact]
    public void A_list_of_a_thousand_is_gone_over() =>
        Flags.Flag("""{"if":[{"==":[{"reduce":[{"var":"list"},{"+":[{"var":"accumulator"},{"var":"current"}]},0]},499500]},"b","a"]}""")
            .Evaluate(_large).Variant.ShouldBe("b");

    [Fact]
    public void Iterations_over_what_is_known_beforehand_end_too()
    {
        var list = string.Join(',', Enumerable.Range(0, 300));
        var reading = Flags.Targeting($$"""{"reduce":[[{{list}}],{"cat":[{"var":"accumulator"},{"var":"accumulator"}]},"x"]}""");
        reading.Faults.ShouldHaveSingleItem().Message.ShouldContain("steps");
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
