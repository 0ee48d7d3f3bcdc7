using System.Text;
using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>What is refused when a flag is written, and the JSON pointer that says where the fault is.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("""{"no_such":[1]}""", "/targeting/no_such")]
    [InlineData("""{"if":[{"==":[{"nope":1},2]},"a"]}""", "/targeting/if/0/==/0/nope")]
    [InlineData("""{"if":[{"a~/b":1},"a"]}""", "/targeting/if/0/a~0~1b")]
    [InlineData("""{"log":"x"}""", "/targeting/log")]
    [InlineData("""{"throw":"x"}""", "/targeting/throw")]
    [InlineData("""{"toString":[]}""", "/targeting/toString")]
    [InlineData("""{"var":"a","missing":[]}""", "/targeting")]
    [InlineData("""{"fractional":[["a",-1],["b",2]]}""", "/targeting/fractional/0/1")]
    [InlineData("""{"fractional":[["a",1],["b",0.5]]}""", "/targeting/fractional/1/1")]
    [InlineData("""{"fractional":[["a",2147483647],["b",1]]}""", "/targeting/fractional")]
    [InlineData("""{"fractional":[["a",1e300]]}""", "/targeting/fractional")]
    [InlineData("""{"$ref":"nobody"}""", "/targeting")]
    [InlineData("""{"if":[{"$ref":["x"]},"a"]}""", "/targeting/if/0")]
    [InlineData("""{"map":[{"var":"x"}]}""", "/targeting")]
    [InlineData("""{"if":[{"all":{"var":"x"}},"a"]}""", "/targeting/if/0")]
    [InlineData("""{"reduce":[[1]]}""", "/targeting")]
    [InlineData("""{"some":[{"var":"x"},{"a":1,"b":2}]}""", "/targeting/some/1")]
    [InlineData("""{"fractional":[{"var":"x"},["a",{"no_such":1}]]}""", "/targeting/fractional/1/1/no_such")]
    [InlineData("[]", "/targeting")]
    [InlineData("\"a\"", "/targeting")]
    [InlineData("true", "/targeting")]
    [InlineData("""{"cat":["\ud800"]}""", "/targeting")]
    public void Targeting_fault_has_its_JSON_pointer(string targeting, string path)
    {
        var reading = Flags.Targeting(targeting);
        reading.IsValid.ShouldBeFalse();
        reading.Faults.ShouldContain(fault => fault.Path == path, string.Join('\n', reading.Faults));
    }

    [Theory]
    [InlineData("""{"state":"ON","variants":{"a":1}}""", "/state")]
    [InlineData("""{"variants":{"a":1}}""", "/state")]
    [InlineData("""{"state":"ENABLED"}""", "/variants")]
    [InlineData("""{"state":"ENABLED","variants":{}}""", "/variants")]
    [InlineData("""{"state":"ENABLED","variants":["a"]}""", "/variants")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1,"b":"2"}}""", "/variants/b")]
    [InlineData("""{"state":"ENABLED","variants":{"a":true,"b":null}}""", "/variants/b")]
    [InlineData("""{"state":"ENABLED","variants":{"a":[1]}}""", "/variants/a")]
    [InlineData("""{"state":"ENABLED","variants":{"":1}}""", "/variants/")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"defaultVariant":"b"}""", "/defaultVariant")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"defaultVariant":""}""", "/defaultVariant")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"defaultVariant":1}""", "/defaultVariant")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"metadata":{"x":{}}}""", "/metadata/x")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"metadata":5}""", "/metadata")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"applies_to":["moon"]}""", "/applies_to")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"applies_to":[]}""", "/applies_to")]
    [InlineData("""{"state":"ENABLED","variants":{"a":1},"defaultVariants":"a"}""", "/defaultVariants")]
    [InlineData("5", "")]
    [InlineData("null", "")]
    public void Definition_fault_has_its_JSON_pointer(string definition, string path)
    {
        var reading = Flags.Read(definition);
        reading.IsValid.ShouldBeFalse();
        reading.Faults.Select(fault => fault.Path).ShouldContain(path);
    }

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var reading = Flags.Read("""{"state":"?","variants":{"a":1,"b":"x"},"defaultVariant":"c","targeting":{"if":[{"x":1},{"y":2}]}}""");
        reading.Faults.Select(fault => fault.Path).ShouldBe(
            ["/state", "/variants/b", "/defaultVariant", "/targeting/if/0/x", "/targeting/if/1/y"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"!":""", "}", 100)]
    [InlineData("""{"if":[{"var":"x"},"a",""", "]}", 51)]
    [InlineData("[", "]", 100)]
    public void Too_deep_targeting_is_refused(string open, string close, int times)
    {
        var nested = string.Concat(Enumerable.Repeat(open, times)) + "\"a\"" + string.Concat(Enumerable.Repeat(close, times));
        var reading = Flags.Targeting($$"""{"or":[{{nested}}]}""");
        reading.Faults.ShouldNotBeEmpty();
        reading.Faults.ShouldAllBe(fault => fault.Message.Contains("deeper", StringComparison.Ordinal));
    }

    [Fact]
    public void Targeting_of_50_levels_is_evaluated()
    {
        var nested = string.Concat(Enumerable.Repeat("""{"if":[{"var":"x"},"a",""", 49))
            + "\"b\""
            + string.Concat(Enumerable.Repeat("]}", 49));
        Flags.Flag(nested).Evaluate(Flags.Context("{}")).Variant.ShouldBe("b");
    }

    [Fact]
    public void Too_large_targeting_is_refused()
    {
        var reading = Flags.Targeting($$"""{"in":["x","{{new string('y', 1_000_000)}}"]}""");
        reading.Faults.ShouldHaveSingleItem().Message.ShouldContain("larger");
    }

    [Theory]
    [InlineData("""{"a":{"$ref":"a"}}""", "/a")]
    [InlineData("""{"a":{"!":{"$ref":"b"}},"b":{"!":{"$ref":"a"}}}""", "/a/!")]
    [InlineData("""{"a":{"nope":1}}""", "/a/nope")]
    [InlineData("""{"a":{"$ref":"x"}}""", "/a")]
    [InlineData("""{"":true}""", "/")]
    [InlineData("[]", "")]
    public void Circular_or_unresolved_evaluators_are_refused(string evaluators, string path)
    {
        var (set, faults) = EvaluatorSet.Parse(Flags.Json(evaluators), EvaluatorSet.Empty);
        set.ShouldBeNull();
        faults.Select(fault => fault.Path).ShouldContain(path);
    }

    [Fact]
    public void Multiplying_references_are_refused()
    {
        var evaluators = new StringBuilder("""{"e0":{"var":"x"}""");
        for (var level = 1; level <= 20; level++)
        {
            evaluators.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $$""","e{{level}}":{"or":[{"$ref":"e{{level - 1}}"},{"$ref":"e{{level - 1}}"}]}""");
        }

        var (set, faults) = EvaluatorSet.Parse(Flags.Json(evaluators.Append('}').ToString()), EvaluatorSet.Empty);
        set.ShouldBeNull();
        faults.ShouldContain(fault => fault.Message.Contains("parts", StringComparison.Ordinal));
    }

    [Fact]
    public void Unresolved_reference_has_its_JSON_pointer_and_name()
    {
        var below = Flags.Evaluators("""{"grown":{">":[{"var":"age"},17]}}""");
        var reading = Flags.Targeting("""{"if":[{"!":{"$ref":"grown"}},"a",{"$ref":"gone"}]}""", below);
        var fault = reading.Faults.ShouldHaveSingleItem();
        fault.Path.ShouldBe("/targeting/if/2");
        fault.Message.ShouldContain("gone");
    }
}
