using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

public sealed class OperatorTests
{
    [Theory]
    [MemberData(nameof(OperatorCases.All), MemberType = typeof(OperatorCases))]
    public void An_operation_comes_to(string targeting, string context, string? outcome) =>
        Flags.Outcome(targeting, context).ShouldBe(outcome);

    [Fact]
    public async Task Flagd_core_comes_to_the_same()
    {
        var cases = OperatorCases.All.Select(row => row.Data).ToArray();
        var questions = cases.Select(row => Question(row.Item1, row.Item2, row.Item3)).ToArray();
        var answers = await FlagdCore.AskAsync(questions, Flags.Now, TestContext.Current.CancellationToken);
        foreach (var ((targeting, _, outcome), answer) in cases.Zip(answers))
        {
            var expected = outcome switch
            {
                "fault" => new FlagdCore.Outcome(null, "ERROR", "PARSE_ERROR", null),
                "error" => new FlagdCore.Outcome(null, "ERROR", "GENERAL", null),
                null => new FlagdCore.Outcome("default", "DEFAULT", null, null),
                _ => new FlagdCore.Outcome(outcome, "TARGETING_MATCH", null, null),
            };
            answer.Results.ShouldNotBeNull(answer.Error).Single().ShouldBe(expected, targeting);
        }
    }

    private static FlagdCore.Question Question(string targeting, string context, string? outcome)
    {
        var flag = new JsonObject
        {
            ["state"] = "ENABLED",
            ["variants"] = new JsonObject { ["default"] = "default", [outcome ?? "none"] = "outcome" },
            ["defaultVariant"] = "default",
            ["targeting"] = JsonNode.Parse(targeting),
        };
        var config = new JsonObject { ["flags"] = new JsonObject { ["flag"] = flag } };
        return new FlagdCore.Question(config.ToJsonString(), "flag", "string", [Flags.Json(context)]);
    }
}
