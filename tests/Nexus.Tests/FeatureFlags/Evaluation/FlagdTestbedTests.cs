using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Flags;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Plays the evaluation scenarios of flagd-testbed.</summary>
public sealed class FlagdTestbedTests
{
    private static readonly FlagSet _flags = FlagSet.Create(Rows(FlagdTestbedCases.Flags).Select(Entry));

    public static TheoryData<string, string, string, string> Scenarios
    {
        get
        {
            var theory = new TheoryData<string, string, string, string>();
            foreach (var row in Rows(FlagdTestbedCases.Scenarios))
            {
                theory.Add(row[0], row[1], row[2], row.Length > 3 ? row[3] : "");
            }

            return theory;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Scenario_holds(string key, string context, string value, string reasonOrError)
    {
        var result = _flags.Evaluate(key, Flags.Context(context));
        (result.Value is { } given ? given.GetRawText() : "-").ShouldBe(value, result.ErrorDetails);
        if (reasonOrError.Length > 0)
        {
            (result.ErrorCode ?? result.Reason).ShouldBe(reasonOrError);
        }
    }

    [Fact]
    public void Metadata_is_returned()
    {
        var metadata = _flags.Evaluate("metadata-flag", Flags.Context("{}")).Metadata.ShouldNotBeNull();
        metadata.GetProperty("string").GetString().ShouldBe("1.0.2");
        metadata.GetProperty("integer").GetInt32().ShouldBe(2);
        metadata.GetProperty("float").GetDouble().ShouldBe(0.1);
        metadata.GetProperty("boolean").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("boolean-flag")]
    [InlineData("string-flag")]
    [InlineData("integer-flag")]
    [InlineData("float-flag")]
    public void Flag_without_metadata_returns_none(string key) => _flags.Evaluate(key, Flags.Context("{}")).Metadata.ShouldBeNull();

    [Theory]
    [InlineData("""{"$ref":"is_ballmer"}""")]
    [InlineData("""{"$ref": "is_ballmer"}""")]
    [InlineData("""{"$ref" : "is_ballmer"}""")]
    public void Reference_resolves_whatever_the_white_space(string reference)
    {
        var flag = Flags.Flag($$"""{"if":[{{reference}},"b","a"]}""", Flags.Evaluators(FlagdTestbedCases.Evaluators));
        flag.Evaluate(Flags.Context("""{"email":"ballmer@macrosoft.com"}""")).Variant.ShouldBe("b");
        flag.Evaluate(Flags.Context("""{"email":"user@example.com"}""")).Variant.ShouldBe("a");
    }

    [Fact]
    public void Written_negative_weight_is_refused_although_flagd_counts_it_as_zero() =>
        Flags.Targeting("""{"fractional":[{"var":"targetingKey"},["a",-50],["b",100]]}""").Faults
            .ShouldHaveSingleItem().Path.ShouldBe("/targeting/fractional/1/1");

    private static IEnumerable<string[]> Rows(string table) => table.Split('\n').Select(line => line.Split(" | "));

    // A definition that is refused stands for one that was stored before its evaluator went.
    private static FlagEntry Entry(string[] row)
    {
        var variants = row[1].Split(' ').Select(variant => variant.Split('=', 2)).Select(variant => KeyValuePair.Create(
            variant[0], variant.Length > 1 ? JsonNode.Parse(variant[1]) : JsonValue.Create(variant[0])));
        var definition = new JsonObject
        {
            ["state"] = row[0].StartsWith('!') ? "DISABLED" : "ENABLED",
            ["variants"] = new JsonObject(variants),
            ["defaultVariant"] = row[2] == "-" ? null : row[2],
            ["targeting"] = row[3] == "-" ? null : JsonNode.Parse(row[3]),
            ["metadata"] = row.Length > 4 ? JsonNode.Parse(row[4]) : null,
        };
        var key = row[0].TrimStart('!');
        var reading = FlagDefinition.Parse(
            key,
            JsonSerializer.SerializeToElement(definition),
            Flags.Evaluators(FlagdTestbedCases.Evaluators));
        return new FlagEntry(key, reading.Definition, new FlagOrigin(FlagLayer.Tenant, 1));
    }
}
