using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class FlagSetTests
{
    private static readonly EvaluationContext _nobody = EvaluationContext.CreateEmpty(Flags.Now);

    [Fact]
    public void Tenant_definition_hides_those_of_lower_layers()
    {
        var set = FlagSet.Create(
            [Entry(
                "x",
                "low",
                FlagLayer.TenantZero,
                3), Entry("x", "own", FlagLayer.Tenant, 2), Entry("x", "built-in", FlagLayer.Default, 0),
                Entry("w", "w", FlagLayer.TenantZero, 3)]);
        set.Entries.Select(entry => entry.Key).ShouldBe(["w", "x"]);
        var result = set.Evaluate("x", _nobody);
        result.Variant.ShouldBe("own");
        result.Origin.ShouldBe(new FlagOrigin(FlagLayer.Tenant, 2));
        set.Evaluate("w", _nobody).Origin!.Layer.ShouldBe(FlagLayer.TenantZero);
    }

    [Fact]
    public void Unknown_flag_is_not_found()
    {
        var result = FlagSet.Empty.Evaluate("x", _nobody);
        (result.Reason, result.ErrorCode, result.Value, result.Origin).ShouldBe(("ERROR", "FLAG_NOT_FOUND", null, null));
        FlagSet.Empty.Explain("x", _nobody).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void Unreadable_definition_is_a_parse_error()
    {
        var set = FlagSet.Create([new FlagEntry("x", null, new FlagOrigin(FlagLayer.Tenant, 4, 17))]);
        var result = set.Evaluate("x", _nobody);
        (result.Reason, result.ErrorCode).ShouldBe(("ERROR", "PARSE_ERROR"));
        result.Origin!.LogSize.ShouldBe(17);
        set.Explain("x", _nobody).Result.ErrorCode.ShouldBe("PARSE_ERROR");
    }

    [Fact]
    public void Buckets_depend_on_the_flag_key()
    {
        const string Definition = """{"state":"ENABLED","variants":{"a":1,"b":2},"targeting":{"fractional":[["a",1],["b",1]]}}""";
        var contexts = Enumerable.Range(0, 100).Select(number => Flags.Context($$"""{"targetingKey":"{{number}}"}""")).ToArray();
        string Variants(string key) =>
            string.Concat(
                contexts.Select(
                    context =>
                        FlagDefinition.Parse(key, Flags.Json(Definition), EvaluatorSet.Empty).Definition!.Evaluate(context).Variant));
        Variants("one").ShouldNotBe(Variants("two"));
    }

    private static FlagEntry Entry(string key, string variant, FlagLayer layer, long version)
    {
        var definition = FlagDefinition.Parse(
            key, Flags.Json(
                $$"""{"state":"ENABLED","variants":{"{{variant}}":true},"defaultVariant":"{{variant}}"}"""), EvaluatorSet.Empty).Definition;
        return new FlagEntry(key, definition, new FlagOrigin(layer, version));
    }
}
