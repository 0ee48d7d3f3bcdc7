using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>
/// Random targetings whose meaning flagd and JsonLogic document without doubt: operands have the types that an operation asks for, and
/// what may be absent from the context has a default where that matters.
/// </summary>
internal sealed class RandomLogic(Random random, IReadOnlyList<string> variants, IReadOnlyList<string> evaluators)
{
    private static readonly string[] _texts =
    [
        "a", "pro", "free", "on", "x", "ada@acme.example", "acme.example", "DE", "5", "1.2.3", "2.1",
    ];
    private static readonly string[] _textPaths =
    [
        "plan", "email", "country", "user.name", "user.address.city", "version", "targetingKey", "tags.0",
    ];
    private static readonly string[] _numberPaths = ["age", "score", "prices.1", "user.logins", "$flagd.timestamp"];
    private static readonly string[] _paths = [.. _textPaths, "age", "user", "nowhere", "user.none.deep", "tags.1"];
    private static readonly double[] _numbers = [1, 2, 3, 5, 10, 18, 42, 65, 100, 0.5, 1.5, 1_700_000_000];

    /// <summary>What chooses a variant, or null.</summary>
    public JsonNode? Targeting(int depth)
    {
        switch (random.Next(depth <= 0 ? 2 : 8))
        {
            case 0:
                return Pick(variants);
            case 1:
                return random.Next(5) == 0 ? null : Pick(variants);
            case 2 or 3 or 4:
                return If(depth);
            case 5:
                return Operation("fractional", Fractional(depth));
            case 6:
                return Operation("?:", [Condition(depth - 1), Targeting(depth - 1), Targeting(depth - 1)]);
            default:
                return Operation("if", [Condition(depth - 1), Operation("or", [Text(0), Pick(variants)]), Targeting(depth - 1)]);
        }
    }

    /// <summary>What is true or false.</summary>
    public JsonNode Condition(int depth)
    {
        if (evaluators.Count > 0 && random.Next(8) == 0)
        {
            return new JsonObject { ["$ref"] = Pick(evaluators) };
        }

        return random.Next(depth <= 0 ? 7 : 14) switch
        {
            0 => Operation(Pick("==", "===", "!=", "!=="), [Text(0), JsonValue.Create(Pick(_texts))]),
            1 => Operation(Pick("<", "<=", ">", ">="), [Number(depth - 1), Number(0)]),
            2 => Operation("in", [JsonValue.Create(Pick(_texts)), random.Next(2) == 0 ? Variable("tags") : Strings()]),
            3 => Operation(Pick("starts_with", "ends_with"), [Text(0), Text(0)]),
            4 => Operation("!!", [Variable("tags", "plan", "beta", "nowhere")]),
            5 => Operation(
                "sem_ver",
                [Variable(
                    "version"), JsonValue.Create(Pick("=", "!=", "<", "<=", ">", ">=", "^", "~")),
                    JsonValue.Create(Pick("1.2.3", "2.0.0", "2.0.0-rc.1", "1", "0.9", "v3.1"))]),
            6 => Operation("==", [Variable("beta"), JsonValue.Create(true)]),
            7 => Operation(Pick("and", "or"), Some(1, 4, () => Condition(depth - 1))),
            8 => Operation("!", [Condition(depth - 1)]),
            9 => Operation(Pick("some", "all", "none"), [List(depth - 1), ItemCondition()]),
            10 => Operation(Pick("<", "<="), [Number(0), Number(0), Number(0)]),
            11 => Operation("missing", Some(1, 3, () => JsonValue.Create(Pick(_paths)))),
            12 => Operation(
                "missing_some",
                [JsonValue.Create(random.Next(1, 3)), new JsonArray(Some(1, 3, () => JsonValue.Create(Pick(_paths))))]),
            _ => Operation("in", [JsonValue.Create(Pick("e", "a", "pro", "@")), Text(depth - 1)]),
        };
    }

    private JsonNode Text(int depth) => random.Next(depth <= 0 ? 3 : 6) switch
    {
        0 => JsonValue.Create(Pick(_texts)),
        1 or 2 => Operation("var", [JsonValue.Create(Pick(_textPaths)), JsonValue.Create(Pick(_texts))]),
        3 => Operation("cat", Some(1, 3, () => random.Next(2) == 0 ? Text(0) : Number(0))),
        4 => Operation("substr", random.Next(2) == 0 ? [Text(0), Integer()] : [Text(0), Integer(), Integer()]),
        _ => Operation("if", [Condition(depth - 1), Text(depth - 1), Text(depth - 1)]),
    };

    private JsonNode Number(int depth) => random.Next(depth <= 0 ? 3 : 7) switch
    {
        0 => JsonValue.Create(Pick(_numbers)),
        1 or 2 => Operation("var", [JsonValue.Create(Pick(_numberPaths)), JsonValue.Create(Pick(_numbers))]),
        3 => Operation(Pick("+", "*"), Some(2, 3, () => Number(depth - 1))),
        4 => Operation(Pick("-", "%"), [Number(depth - 1), JsonValue.Create(Pick(_numbers))]),
        5 => Operation(Pick("min", "max"), Some(1, 3, () => Number(depth - 1))),
        _ => Operation("reduce", [Variable("prices"), Accumulate(Pick("+", "max")), JsonValue.Create(0)]),
    };

    private JsonNode List(int depth) => random.Next(depth <= 0 ? 2 : 5) switch
    {
        0 => Variable("prices"),
        1 => new JsonArray(Some(0, 4, () => JsonValue.Create(Pick(_numbers)))),
        2 => Operation("map", [Variable("prices"), Operation(Pick("+", "*"), [Item(), JsonValue.Create(Pick(_numbers))])]),
        3 => Operation("filter", [List(depth - 1), ItemCondition()]),
        _ => Operation(
            "merge",
            [new JsonArray(Some(0, 2, () => JsonValue.Create(Pick(_numbers)))), Operation("map", [Variable("prices"), Item()])]),
    };

    private JsonNode ItemCondition() => random.Next(3) switch
    {
        0 => Operation(Pick("<", ">", "=="), [Item(), JsonValue.Create(Pick(_numbers))]),
        1 => Operation("in", [Item(), new JsonArray(Some(0, 4, () => JsonValue.Create(Pick(_numbers))))]),
        _ => Operation("!", [Operation(">=", [Item(), JsonValue.Create(Pick(_numbers))])]),
    };

    private JsonNode If(int depth)
    {
        var branches = new List<JsonNode?>();
        for (var index = random.Next(1, 3); index > 0; index--)
        {
            branches.Add(Condition(depth - 1));
            branches.Add(Targeting(depth - 1));
        }

        branches.Add(Targeting(depth - 1));
        return Operation("if", [.. branches]);
    }

    private JsonNode?[] Fractional(int depth)
    {
        var buckets = variants.Select(variant => (JsonNode)(random.Next(4) switch
        {
            0 => new JsonArray(JsonValue.Create(variant)),
            1 => new JsonArray(
                Operation("if", [Condition(depth - 1), JsonValue.Create(variant), JsonValue.Create(Pick(variants))]),
                JsonValue.Create(random.Next(100))),
            2 => new JsonArray(
                JsonValue.Create(variant),
                Operation("-", [Operation("var", [JsonValue.Create("age"), JsonValue.Create(10)]), JsonValue.Create(30)])),
            _ => new JsonArray(JsonValue.Create(variant), JsonValue.Create(random.Next(100))),
        })).ToArray();
        return random.Next(3) switch
        {
            0 => buckets,
            1 => [Operation(
                "cat",
                [Variable("$flagd.flagKey"), Operation("var", [JsonValue.Create("email"), JsonValue.Create("none")])]), .. buckets],
            _ => [Operation("var", [JsonValue.Create(Pick("email", "targetingKey", "plan")), JsonValue.Create("none")]), .. buckets],
        };
    }

    private JsonNode Variable(params string[] paths) =>
        random.Next(4) == 0 ? Operation("var", [JsonValue.Create(Pick(paths))]) : new JsonObject { ["var"] = Pick(paths) };

    private JsonNode Integer() => JsonValue.Create(random.Next(-3, 6));

    private JsonArray Strings() => [.. Some(0, 4, () => JsonValue.Create(Pick(_texts)))];

    private static JsonObject Item() => new() { ["var"] = "" };

    private static JsonObject Accumulate(string operation) =>
        Operation(operation, [new JsonObject { ["var"] = "accumulator" }, new JsonObject { ["var"] = "current" }]);

    private static JsonObject Operation(string name, JsonNode?[] operands) => new() { [name] = new JsonArray(operands) };

    private JsonNode?[] Some(int least, int most, Func<JsonNode?> make) =>
        [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => make())];

    private T Pick<T>(params IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
