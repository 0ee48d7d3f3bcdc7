using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class FlagTests
{
    private static readonly EvaluationContext _nobody = EvaluationContext.Empty(Flags.Now);

    [Fact]
    public void Without_targeting_the_default_variant_is_static()
    {
        var result = Read("""{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on","metadata":{"team":"web","level":2}}""").Evaluate(_nobody);
        result.Variant.ShouldBe("on");
        result.Value!.Value.GetBoolean().ShouldBeTrue();
        result.Reason.ShouldBe("STATIC");
        result.ErrorCode.ShouldBeNull();
        result.Metadata!.Value.GetProperty("team").GetString().ShouldBe("web");
    }

    [Fact]
    public void Empty_targeting_is_none() =>
        Read("""{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on","targeting":{}}""").Evaluate(_nobody).Reason.ShouldBe("STATIC");

    [Fact]
    public void A_disabled_flag_has_no_value()
    {
        var result = Read("""{"state":"DISABLED","variants":{"on":true},"defaultVariant":"on"}""").Evaluate(_nobody);
        result.Reason.ShouldBe("DISABLED");
        result.Value.ShouldBeNull();
        result.Variant.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"state":"ENABLED","variants":{"on":true}}""")]
    [InlineData("""{"state":"ENABLED","variants":{"on":true},"defaultVariant":null}""")]
    [InlineData("""{"state":"ENABLED","variants":{"on":true},"targeting":{"if":[{"var":"x"},"on"]}}""")]
    public void Without_a_default_variant_the_caller_s_own_counts(string definition)
    {
        var result = Read(definition).Evaluate(_nobody);
        result.Reason.ShouldBe("DEFAULT");
        result.Value.ShouldBeNull();
        result.ErrorCode.ShouldBeNull();
    }

    [Fact]
    public void Targeting_that_gives_nothing_leaves_the_default()
    {
        var result = Flags.Flag("""{"if":[{"var":"x"},"b"]}""").Evaluate(_nobody);
        (result.Variant, result.Reason).ShouldBe(("a", "DEFAULT"));
    }

    [Fact]
    public void A_variant_that_there_is_not_is_an_error()
    {
        var result = Flags.Flag("""{"var":"wish"}""").Evaluate(Flags.Context($$"""{"wish":"{{new string('x', 10_000)}}"}"""));
        (result.Variant, result.Reason, result.ErrorCode).ShouldBe((null, "ERROR", "GENERAL"));
        result.ErrorDetails!.Length.ShouldBeLessThan(400);
    }

    [Fact]
    public void Fractional_without_a_targeting_key_leaves_the_default()
    {
        var flag = Flags.Flag("""{"fractional":[["b",100]]}""");
        flag.Evaluate(_nobody).Reason.ShouldBe("DEFAULT");
        flag.Evaluate(Flags.Context("""{"targetingKey":""}""")).Reason.ShouldBe("DEFAULT");
        flag.Evaluate(Flags.Context("""{"targetingKey":"x"}""")).Variant.ShouldBe("b");
    }

    [Fact]
    public void Fractional_splits_by_weight_and_the_same_for_the_same_key()
    {
        var flag = Read("""{"state":"ENABLED","variants":{"a":1,"b":2,"c":3},"targeting":{"fractional":[["a",50],["b",30],["c",20]]}}""");
        var variants = Enumerable.Range(0, 10_000)
            .Select(number => flag.Evaluate(Flags.Context($$"""{"targetingKey":"user-{{number}}"}""")).Variant!)
            .ToArray();
        foreach (var (variant, share) in new[] { ("a", 0.5), ("b", 0.3), ("c", 0.2) })
        {
            variants.Count(v => v == variant).ShouldBeInRange((int)(10_000 * (share - 0.02)), (int)(10_000 * (share + 0.02)));
        }
    }

    [Fact]
    public void Evaluators_are_put_in_where_they_are_named()
    {
        var below = Flags.Evaluators("""{"grown":{">":[{"var":"age"},17]},"vip":false}""");
        var evaluators = Flags.Evaluators("""{"vip":{"and":[{"$ref":"grown"},{"==":[{"var":"plan"},"pro"]}]}}""", below);
        var flag = Flags.Flag("""{"if":[{"$ref":"vip"},"b"]}""", evaluators);
        flag.Evaluate(Flags.Context("""{"age":18,"plan":"pro"}""")).Variant.ShouldBe("b");
        flag.Evaluate(Flags.Context("""{"age":17,"plan":"pro"}""")).Variant.ShouldBe("a");
    }

    [Fact]
    public void What_a_caller_says_of_flagd_does_not_count()
    {
        var context = Flags.Context("""{"$flagd":{"flagKey":"other"}}""");
        Flags.Flag("""{"if":[{"==":[{"var":"$flagd.flagKey"},"flag"]},"b","a"]}""").Evaluate(context).Variant.ShouldBe("b");
    }

    [Fact]
    public void Only_what_reads_the_time_depends_on_it()
    {
        var flag = Flags.Flag("""{"if":[{"var":"beta"},"a",{">":[{"var":"$flagd.timestamp"},1795521599]},"b","a"]}""");
        flag.Evaluate(Flags.Context("""{"beta":true}""")).DependsOnTime.ShouldBeFalse();
        var later = flag.Evaluate(_nobody);
        (later.Variant, later.DependsOnTime).ShouldBe(("b", true));
        flag.Evaluate(EvaluationContext.Empty(Flags.Now.AddSeconds(-1))).Variant.ShouldBe("a");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("""{"x":"\ud800"}""")]
    public void A_context_that_is_no_object_of_Unicode_is_none(string context) =>
        EvaluationContext.Read(Flags.Json(context), Flags.Now).ShouldBeNull();

    [Fact]
    public void Of_a_name_that_stands_twice_the_last_counts() =>
        Flags.Flag("""{"var":"x"}""").Evaluate(Flags.Context("""{"x":"a","y":1,"x":"b"}""")).Variant.ShouldBe("b");

    private static FlagDefinition Read(string definition)
    {
        var reading = Flags.Read(definition);
        reading.IsSound.ShouldBeTrue(string.Join('\n', reading.Faults));
        return reading.Definition!;
    }
}
