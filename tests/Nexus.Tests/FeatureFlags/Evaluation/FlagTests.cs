using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class FlagTests
{
    private static readonly EvaluationContext _nobody = EvaluationContext.CreateEmpty(Flags.Now);

    [Fact]
    public void Default_variant_without_targeting_is_static()
    {
        var result = Read(
            """{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on","metadata":{"team":"web","level":2}}""")
            .Evaluate(_nobody);
        result.Variant.ShouldBe("on");
        result.Value!.Value.GetBoolean().ShouldBeTrue();
        result.Reason.ShouldBe("STATIC");
        result.ErrorCode.ShouldBeNull();
        result.Metadata!.Value.GetProperty("team").GetString().ShouldBe("web");
    }

    [Fact]
    public void Empty_targeting_is_no_targeting() =>
        Read("""{"state":"ENABLED","variants":{"on":true},"defaultVariant":"on","targeting":{}}""").Evaluate(_nobody).Reason.ShouldBe(
            "STATIC");

    [Fact]
    public void Disabled_flag_has_no_value()
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
    public void Flag_without_default_variant_leaves_the_value_to_the_caller(string definition)
    {
        var result = Read(definition).Evaluate(_nobody);
        result.Reason.ShouldBe("DEFAULT");
        result.Value.ShouldBeNull();
        result.ErrorCode.ShouldBeNull();
    }

    [Fact]
    public void Targeting_that_gives_null_leaves_the_default()
    {
        var result = Flags.Flag("""{"if":[{"var":"x"},"b"]}""").Evaluate(_nobody);
        (result.Variant, result.Reason).ShouldBe(("a", "DEFAULT"));
    }

    [Fact]
    public void Unknown_variant_is_an_error()
    {
        var result = Flags.Flag("""{"var":"wish"}""").Evaluate(Flags.Context($$"""{"wish":"{{new string('x', 10_000)}}"}"""));
        (result.Variant, result.Reason, result.ErrorCode).ShouldBe((null, "ERROR", "GENERAL"));
        result.ErrorDetails!.Length.ShouldBeLessThan(400);
    }

    [Fact]
    public void Fractional_without_targeting_key_returns_default()
    {
        var flag = Flags.Flag("""{"fractional":[["b",100]]}""");
        flag.Evaluate(_nobody).Reason.ShouldBe("DEFAULT");
        flag.Evaluate(Flags.Context("""{"targetingKey":""}""")).Reason.ShouldBe("DEFAULT");
        flag.Evaluate(Flags.Context("""{"targetingKey":"x"}""")).Variant.ShouldBe("b");
    }

    [Fact]
    public void Fractional_splits_by_weight()
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
    public void Reference_stands_for_its_evaluator()
    {
        var below = Flags.Evaluators("""{"grown":{">":[{"var":"age"},17]},"vip":false}""");
        var evaluators = Flags.Evaluators("""{"vip":{"and":[{"$ref":"grown"},{"==":[{"var":"plan"},"pro"]}]}}""", below);
        var flag = Flags.Flag("""{"if":[{"$ref":"vip"},"b"]}""", evaluators);
        flag.Evaluate(Flags.Context("""{"age":18,"plan":"pro"}""")).Variant.ShouldBe("b");
        flag.Evaluate(Flags.Context("""{"age":17,"plan":"pro"}""")).Variant.ShouldBe("a");
    }

    [Fact]
    public void Context_cannot_set_flagd_properties()
    {
        var context = Flags.Context("""{"$flagd":{"flagKey":"other"}}""");
        Flags.Flag("""{"if":[{"==":[{"var":"$flagd.flagKey"},"flag"]},"b","a"]}""").Evaluate(context).Variant.ShouldBe("b");
    }

    [Fact]
    public void Result_depends_on_time_only_if_the_timestamp_was_read()
    {
        var flag = Flags.Flag("""{"if":[{"var":"beta"},"a",{">":[{"var":"$flagd.timestamp"},1795521599]},"b","a"]}""");
        flag.Evaluate(Flags.Context("""{"beta":true}""")).DependsOnTime.ShouldBeFalse();
        var later = flag.Evaluate(_nobody);
        (later.Variant, later.DependsOnTime).ShouldBe(("b", true));
        flag.Evaluate(EvaluationContext.CreateEmpty(Flags.Now.AddSeconds(-1))).Variant.ShouldBe("a");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("""{"x":"\ud800"}""")]
    public void Context_must_be_an_object_of_valid_Unicode(string context) =>
        EvaluationContext.FromJson(Flags.Json(context), Flags.Now).ShouldBeNull();

    [Fact]
    public void Last_of_two_members_with_the_same_name_counts() =>
        Flags.Flag("""{"var":"x"}""").Evaluate(Flags.Context("""{"x":"a","y":1,"x":"b"}""")).Variant.ShouldBe("b");

    [Theory]
    [InlineData("5")]
    [InlineData("""{"var":"list"}""")]
    [InlineData("""{"var":"user"}""")]
    [InlineData("""{"cat":["no","pe"]}""")]
    public void Targeting_that_gives_no_variant_name_is_an_error(string outcome)
    {
        var flag = Flags.Flag($$"""{"if":[true,{{outcome}}]}""");
        var result = flag.Evaluate(Flags.Context("""{"list":["a"],"user":{"a":1}}"""));
        (result.Reason, result.ErrorCode, result.Value).ShouldBe(("ERROR", "GENERAL", null));
    }

    [Theory]
    [InlineData(17, "false")]
    [InlineData(18, "true")]
    public void Boolean_outcome_is_the_variant_of_that_name(int age, string variant)
    {
        var flag = Read("""{"state":"ENABLED","variants":{"true":1,"false":2},"targeting":{">=":[{"var":"age"},18]}}""");
        var result = flag.Evaluate(Flags.Context($$"""{"age":{{age}}}"""));
        (result.Variant, result.Reason).ShouldBe((variant, "TARGETING_MATCH"));
    }

    [Theory]
    [InlineData("\"b\"", "b", "TARGETING_MATCH")]
    [InlineData("{}", "a", "STATIC")]
    [InlineData("null", "a", "DEFAULT")]
    public void Evaluator_may_be_a_literal(string evaluator, string variant, string reason)
    {
        var flag = Flags.Flag("""{"$ref":"literal"}""", Flags.Evaluators($$"""{"literal":{{evaluator}}}"""));
        var result = flag.Evaluate(_nobody);
        (result.Variant, result.Reason).ShouldBe((variant, reason));
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("true")]
    [InlineData("null")]
    public void Fractional_needs_a_targeting_key_that_is_a_string(string targetingKey) =>
        Flags.Flag("""{"fractional":[["b",100]]}""").Evaluate(Flags.Context($$"""{"targetingKey":{{targetingKey}}}""")).Reason.ShouldBe(
            "DEFAULT");

    [Fact]
    public void Fractional_split_is_a_targeting_match() =>
        Flags.Flag("""{"fractional":[["b",1]]}""").Evaluate(Flags.Context("""{"targetingKey":"x"}""")).Reason.ShouldBe("TARGETING_MATCH");

    [Fact]
    public void Fractional_without_a_value_buckets_by_flag_key_and_targeting_key()
    {
        var implicitly = Flags.Flag("""{"fractional":[["a",1],["b",1]]}""");
        var explicitly = Flags.Flag("""{"fractional":[{"cat":[{"var":"$flagd.flagKey"},{"var":"targetingKey"}]},["a",1],["b",1]]}""");
        for (var number = 0; number < 200; number++)
        {
            var context = Flags.Context($$"""{"targetingKey":"Zoë {{number}}"}""");
            implicitly.Evaluate(context).Variant.ShouldBe(explicitly.Evaluate(context).Variant);
        }
    }

    [Fact]
    public void Fractional_weights_may_follow_the_time()
    {
        var flag = Flags.Flag(
            """{"fractional":[["b",{"-":[{"var":"$flagd.timestamp"},1795521600]}],["a",{"-":[1795521610,{"var":"$flagd.timestamp"}]}]]}""");
        var json = Flags.Json("""{"targetingKey":"x"}""");
        flag.Evaluate(EvaluationContext.FromJson(json, Flags.Now.AddDays(-1))!).Variant.ShouldBe("a");
        flag.Evaluate(EvaluationContext.FromJson(json, Flags.Now.AddDays(1))!).Variant.ShouldBe("b");
    }

    private static FlagDefinition Read(string definition) => Flags.Valid(Flags.Read(definition));
}
