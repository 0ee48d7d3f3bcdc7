using System.Text.Json;
using Nexus.Client;
using Nexus.Server.Platform.Http;

namespace Nexus.Tests.Platform.Http;

/// <summary>What a body that does not fit its record is refused with: every field that is wrong, by its path.</summary>
public sealed class JsonErrorsTests
{
    [Theory]
    [InlineData("""{"query":{"query_text":"x","top_k":"3"}}""", "query.top_k", "Expected integer, got string.")]
    [InlineData("""{"query":{"query_text":"x","top_k":1.5}}""", "query.top_k", "Expected integer from -2147483648 to 2147483647, got 1.5.")]
    [InlineData("""{"query":{"query_text":"x","top_k":true}}""", "query.top_k", "Expected integer, got boolean.")]
    [InlineData("""{"query":{"query_text":7}}""", "query.query_text", "Expected string, got number.")]
    [InlineData("""{"query":{"query_text":null}}""", "query.query_text", "Expected string, got null.")]
    [InlineData("""{"query":{"query_text":"x","explain":"yes"}}""", "query.explain", "Expected boolean, got string.")]
    [InlineData("""{"query":{"query_text":"x","filters":[]}}""", "query.filters", "Expected object, got array.")]
    [InlineData("""{"query":"x"}""", "query", "Expected object, got string.")]
    [InlineData("""{"query":null}""", "query", "Expected object, got null.")]
    [InlineData("""{"budget":{}}""", "query", "Missing required field `query`.")]
    [InlineData("""{"query":{}}""", "query.query_text", "Missing required field `query.query_text`.")]
    [InlineData("""{"query":{"query":"x"}}""", "query.query", "Unknown field `query.query`. Did you mean `query_text`?")]
    [InlineData(
        """{"query":{"query_text":"x","created_by":"me"}}""", "query.created_by",
        "Unknown field `query.created_by`. Allowed: query_text, filters, top_k, mode, explain.")]
    [InlineData("[1]", "$", "must be a JSON object.")]
    public void Field_is_named_with_expected_and_actual_kind(string json, string field, string message)
    {
        var problem = Refuse<InfluencePackRequest>(json);
        problem.Kind.ShouldBe(ProblemCodes.BodyInvalid);
        problem.Errors!.ShouldHaveSingleItem().Key.ShouldBe(field);
        problem.Errors![field].ShouldBe([message]);
        problem.Detail.ShouldContain(message.TrimEnd('.'));
    }

    [Fact]
    public void Every_wrong_field_is_reported_at_once()
    {
        var problem = Refuse<EventRequest>("""{"surface":1,"metadat":{},"subject_id":[]}""");
        problem.Errors!.Keys.ShouldBe(["surface", "metadat", "subject_id"]);
        problem.Detail.ShouldBe(
            "`surface`: Expected string, got number. Unknown field `metadat`. Did you mean `metadata`? `subject_id`: Expected string, got "
            + "array.");
    }

    [Fact]
    public void Time_that_cannot_be_read_is_answered_with_an_example() =>
        Refuse<SessionTurnRequest>("""{"role":"user","content":"x","timestamp":"yesterday"}""").Detail
            .ShouldBe("`timestamp`: Expected RFC 3339 time, for example 2026-11-28T00:00:00Z.");

    [Fact]
    public void List_items_are_named_by_index() =>
        Refuse<MaybeRequest>("""{"space":"s","title":"t","body":"","tags":["a",2]}""").Errors!["tags[1]"].ShouldBe(
            ["Expected string, got number."]);

    [Fact]
    public void Errors_and_quoted_names_are_bounded()
    {
        var members = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{new string('n', 500)}{i}\":1"));
        var problem = Refuse<LoginRequest>($$"""{"email":"a@example.com","password":"x",{{members}}}""");
        problem.Errors!.Count.ShouldBeLessThanOrEqualTo(20);
        problem.Detail.Length.ShouldBeLessThan(4000);
    }

    [Fact]
    public void Tenant_and_env_are_no_fields_of_a_record_without_them() =>
        JsonBody<SearchQuery>.Read(JsonElement.Parse("""{"query_text":"x","tenant_id":"t_a","env":"prod"}""")).QueryText.ShouldBe("x");

    private static Problem Refuse<T>(string json) =>
        Should.Throw<ProblemException>(() => JsonBody<T>.Read(JsonElement.Parse(json))).Problem;
}
