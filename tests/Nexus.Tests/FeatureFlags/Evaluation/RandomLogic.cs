using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>
/// Random targetings. Most are of sensible kinds, so that outcomes differ; some are built of anything, so that what each
/// operation makes of odd operands is seen.
/// </summary>
internal sealed class RandomLogic(Random random, IReadOnlyList<string> variants, IReadOnlyList<string> evaluators)
{
    private static readonly string[] _texts =
        ["", "a", "pro", "free", "on", "x", "ada@acme.example", "acme.example", "DE", "5", "-3", "1.5", "0", " 7 ", "0x1f", "true", "é-ü", "1.2.3", "v2.0.0-rc.1", "2.1"];

    private static readonly string[] _paths =
        ["plan", "email", "age", "score", "beta", "country", "version", "tags", "prices", "user", "user.name", "user.address.city", "tags.0", "prices.1", "targetingKey",
            "missing", "user.none.deep", "list", "", "$flagd.flagKey", "$flagd.timestamp", "email.length", "tags.length", "a\\.b", "odd"];

    private static readonly double[] _numbers = [0, 1, 2, 3, 5, 10, 18, 42, 65, 100, -1, -2, 0.5, 1.5, 1e21, 1e-7, 1700000000];

    /// <summary>What decides a variant.</summary>
    public JsonNode? Targeting(int depth)
    {
        switch (random.Next(depth <= 0 ? 2 : 12))
        {
            case 0:
                return Pick(variants);
            case 1:
                return random.Next(5) == 0 ? null : Pick(variants);
            case 2 or 3 or 4 or 5:
                return If(depth);
            case 6:
                return Operation("fractional", Fractional(depth));
            case 7:
                return Operation("or", [Operation("and", [Condition(depth - 1), Targeting(depth - 1)]), Targeting(depth - 1)]);
            case 8:
                return Operation("if", [Condition(depth - 1), Targeting(depth - 1)]);
            case 9:
                return Operation("cat", [Text(depth - 1), Text(depth - 1)]);
            case 10:
                return Condition(depth);
            default:
                return Wild(depth);
        }
    }

    /// <summary>Anything at all.</summary>
    public JsonNode? Wild(int depth)
    {
        if (depth <= 0 || random.Next(6) == 0)
        {
            return Literal();
        }

        string[] operations =
            ["var", "missing", "missing_some", "if", "?:", "==", "===", "!=", "!==", ">", ">=", "<", "<=", "%", "/", "*", "+", "-", "!", "!!", "or", "and", "min", "max", "cat", "substr",
                "in", "merge", "map", "filter", "reduce", "all", "none", "some", "fractional", "starts_with", "ends_with", "sem_ver"];
        var name = Pick(operations);
        if (random.Next(5) == 0)
        {
            return new JsonObject { [name] = name == "fractional" ? Literal() : Wild(depth - 1) };
        }

        return Operation(name, [.. Enumerable.Range(0, random.Next(random.Next(3) == 0 ? 5 : 4)).Select(_ => name == "fractional" ? Bucket(depth - 1) : Wild(depth - 1))]);
    }

    public JsonNode? Condition(int depth)
    {
        if (evaluators.Count > 0 && random.Next(8) == 0)
        {
            return new JsonObject { ["$ref"] = Pick(evaluators) };
        }

        switch (random.Next(depth <= 0 ? 4 : 14))
        {
            case 0:
                return Operation(Pick("==", "===", "!=", "!=="), [Text(0), Text(0)]);
            case 1:
                return Operation(Pick("<", "<=", ">", ">="), [Number(0), Number(0)]);
            case 2:
                return Operation("in", [Text(0), random.Next(2) == 0 ? Variable("tags", "list") : Strings()]);
            case 3:
                return Operation(Pick("starts_with", "ends_with"), [Text(0), Text(0)]);
            case 4:
                return Operation(Pick("and", "or"), Some(1, 4, () => Condition(depth - 1)));
            case 5:
                return Operation(Pick("!", "!!"), [Condition(depth - 1)]);
            case 6:
                return Operation("sem_ver", [Variable("version", "user.name"), JsonValue.Create(Pick("=", "!=", "<", "<=", ">", ">=", "^", "~")), Pick("1.2.3", "2.0.0", "2.0.0-rc.1", "1", "0.9", "v3.1")]);
            case 7:
                return Operation(Pick("some", "all", "none"), [List(depth - 1), ItemCondition(depth - 1)]);
            case 8:
                return Operation(Pick("<", "<=", "==", "==="), [Number(depth - 1), Number(depth - 1), Number(depth - 1)]);
            case 9:
                return Operation("missing", Some(1, 3, () => JsonValue.Create(Pick(_paths))));
            case 10:
                return Operation("missing_some", [Number(0), new JsonArray([.. Some(1, 3, () => JsonValue.Create(Pick(_paths)))])]);
            case 11:
                return Operation(Pick("==", "!=", ">", "<"), [Text(depth - 1), Number(depth - 1)]);
            case 12:
                return Operation("!", [Variable("tags", "plan", "missing")]);
            default:
                return Wild(depth - 1);
        }
    }

    private JsonNode? Text(int depth) => random.Next(depth <= 0 ? 4 : 8) switch
    {
        0 or 1 => JsonValue.Create(Pick(_texts)),
        2 or 3 => Variable("plan", "email", "country", "user.name", "user.address.city", "version", "targetingKey", "tags.0"),
        4 => Operation("cat", Some(1, 3, () => random.Next(2) == 0 ? Text(depth - 1) : Number(depth - 1))),
        5 => Operation("substr", random.Next(2) == 0 ? [Text(depth - 1), Number(0)] : [Text(depth - 1), Number(0), Number(0)]),
        6 => Operation("if", [Condition(depth - 1), Text(depth - 1), Text(depth - 1)]),
        _ => Operation(Pick("or", "and"), [Text(depth - 1), Text(depth - 1)]),
    };

    private JsonNode? Number(int depth) => random.Next(depth <= 0 ? 4 : 8) switch
    {
        0 or 1 => JsonValue.Create(Pick(_numbers)),
        2 or 3 => Variable("age", "score", "prices.1", "user.logins", "$flagd.timestamp", "tags.length"),
        4 => Operation(Pick("+", "-", "*", "/", "%"), Some(1, 3, () => Number(depth - 1))),
        5 => Operation(Pick("min", "max"), Some(1, 3, () => Number(depth - 1))),
        6 => new JsonObject { [Pick("+", "-", "*", "max", "/")] = List(depth - 1) },
        _ => Operation("reduce", [List(depth - 1), Pick(Accumulated("+"), Accumulated("*"), Accumulated("max"), Wild(1)), Number(0)]),
    };

    private JsonNode? List(int depth) => random.Next(depth <= 0 ? 3 : 7) switch
    {
        0 or 1 => Variable("tags", "prices", "list", "missing"),
        2 => new JsonArray([.. Some(0, 4, () => JsonValue.Create(Pick(_numbers)))]),
        3 => Operation("map", [List(depth - 1), ItemValue(depth - 1)]),
        4 => Operation("filter", [List(depth - 1), ItemCondition(depth - 1)]),
        5 => Operation("merge", [List(depth - 1), List(depth - 1)]),
        _ => Operation(Pick("or", "and"), [List(depth - 1), List(depth - 1)]),
    };

    private JsonNode? ItemCondition(int depth) => random.Next(6) switch
    {
        0 or 1 => Operation(Pick("==", "<", ">", "!="), [ItemValue(0), random.Next(2) == 0 ? JsonValue.Create(Pick(_texts)) : JsonValue.Create(Pick(_numbers))]),
        2 => Operation("in", [ItemValue(0), Strings()]),
        3 => Operation("!!", [ItemValue(0)]),
        4 => Operation("==", [ItemValue(0), Variable("../../plan", "../index", "../../../x", "../iterator.0")]),
        _ => Wild(depth - 1),
    };

    private JsonNode? ItemValue(int depth) => random.Next(depth <= 0 ? 5 : 6) switch
    {
        0 or 1 or 2 => Operation("var", [JsonValue.Create("")]),
        3 => Variable("../index", "id", "../../age"),
        4 => Operation(Pick("+", "*"), [Operation("var", [JsonValue.Create("")]), JsonValue.Create(Pick(_numbers))]),
        _ => Wild(depth - 1),
    };

    private static JsonNode Accumulated(string operation) =>
        Operation(operation, [new JsonObject { ["var"] = "accumulator" }, new JsonObject { ["var"] = "current" }]);

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
        var buckets = variants.Select(variant => (JsonNode)(random.Next(4) == 0
            ? new JsonArray(JsonValue.Create(variant))
            : new JsonArray(JsonValue.Create(variant), random.Next(8) == 0 ? Weight(depth - 1) : JsonValue.Create(random.Next(100))))).ToList();
        return random.Next(2) == 0 ? [.. buckets] : [random.Next(3) == 0 ? Operation("cat", [Variable("$flagd.flagKey"), Variable("email", "targetingKey")]) : Variable("email", "targetingKey", "plan", "age"), .. buckets];
    }

    // A weight that is written out and is none would be refused here, and count as none there.
    private JsonNode? Weight(int depth) => Number(depth) is var weight && weight is JsonValue ? JsonValue.Create(7) : weight;

    private JsonNode? Bucket(int depth) => random.Next(3) switch
    {
        0 => new JsonArray(Literal(), JsonValue.Create(random.Next(50))),
        1 => new JsonArray(Pick(variants)),
        _ => Wild(depth) is var wild && wild is JsonArray ? null : wild,
    };

    private JsonNode? Literal() => random.Next(12) switch
    {
        0 or 1 or 2 => JsonValue.Create(Pick(_texts)),
        3 or 4 => JsonValue.Create(Pick(_numbers)),
        5 => JsonValue.Create(random.Next(2) == 0),
        6 => null,
        7 => new JsonArray([.. Some(0, 3, () => JsonValue.Create(Pick(_numbers)))]),
        8 => random.Next(4) == 0 ? new JsonObject() : Pick(variants),
        _ => Variable(_paths),
    };

    private JsonNode Variable(params string[] paths)
    {
        var path = JsonValue.Create(Pick(paths));
        return random.Next(8) switch
        {
            0 => Operation("var", [path]),
            1 => Operation("var", [path, random.Next(3) == 0 ? Wild(1) : JsonValue.Create(Pick(_texts))]),
            _ => new JsonObject { ["var"] = path },
        };
    }

    private JsonArray Strings() => [.. Some(0, 4, () => JsonValue.Create(Pick(_texts)))];

    private static JsonObject Operation(string name, JsonNode?[] operands) => new() { [name] = new JsonArray(operands) };

    private JsonNode?[] Some(int least, int most, Func<JsonNode?> make) => [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => make())];

    private T Pick<T>(params IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
