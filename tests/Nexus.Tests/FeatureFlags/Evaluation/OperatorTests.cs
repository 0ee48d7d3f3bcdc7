using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class OperatorTests
{
    [Theory]
    [MemberData(nameof(OperatorCases.Common), MemberType = typeof(OperatorCases))]
    public void Operation_gives(string targeting, string? outcome) =>
        Flags.Outcome(targeting, OperatorCases.Context).ShouldBe(outcome);

    [Theory]
    [MemberData(nameof(OperatorCases.Documented), MemberType = typeof(OperatorCases))]
    public void Operation_gives_what_is_documented_where_flagd_core_differs(string targeting, string? outcome) =>
        Flags.Outcome(targeting, OperatorCases.Context).ShouldBe(outcome);

    [Fact]
    public async Task Flagd_core_agrees_on_common_operations() =>
        (await AskFlagdCoreAsync(OperatorCases.Common)).Where(answer => !answer.Agrees).ShouldBeEmpty();

    /// <summary>A difference that is gone from flagd-core belongs to the common operations.</summary>
    [Fact]
    public async Task Flagd_core_differs_where_the_docs_say_so() =>
        (await AskFlagdCoreAsync(OperatorCases.Documented)).Where(answer => answer.Agrees).ShouldBeEmpty();

    private static async Task<List<(string Targeting, FlagdCore.Outcome Outcome, bool Agrees)>> AskFlagdCoreAsync(
        TheoryData<string, string?> theory)
    {
        var cases = theory.Select(row => row.Data).ToArray();
        var answers = await FlagdCore.AskAsync(
            [.. cases.Select(row => Question(row.Item1, row.Item2))], Flags.Now, TestContext.Current.CancellationToken);
        return [.. cases.Zip(answers).Select(pair =>
        {
            var ((targeting, outcome), answer) = pair;
            var expected = outcome is null
                ? new FlagdCore.Outcome("default", "DEFAULT", null, null)
                : new FlagdCore.Outcome(Variant(outcome), "TARGETING_MATCH", null, null);
            var actual = answer.Results.ShouldNotBeNull(answer.Error).Single();
            return (targeting, actual, actual == expected);
        })];
    }

    // flagd-core takes the text of any outcome for a variant's name, of a list its items with commas between.
    private static string Variant(string outcome) => outcome.StartsWith('[')
        ? string.Join(',', JsonElement.Parse(outcome).EnumerateArray().Select(item => item.ToString()))
        : outcome;

    private static FlagdCore.Question Question(string targeting, string? outcome)
    {
        var flag = new JsonObject
        {
            ["state"] = "ENABLED",
            ["variants"] = new JsonObject { ["default"] = "default", [outcome is null ? "none" : Variant(outcome)] = "outcome" },
            ["defaultVariant"] = "default",
            ["targeting"] = JsonNode.Parse(targeting),
        };
        var config = new JsonObject { ["flags"] = new JsonObject { ["flag"] = flag } };
        return new FlagdCore.Question(config.ToJsonString(), "flag", "string", [Flags.Json(OperatorCases.Context)]);
    }
}
