using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>A random flag with shared evaluators and contexts, the same for the same random numbers.</summary>
internal sealed record RandomFlag(string Key, string Type, JsonElement Definition, JsonElement Evaluators, JsonElement[] Contexts)
{
    private static readonly string[] _names = ["on", "off", "true", "false", "5", "blue", "a", "pro"];

    public static RandomFlag Create(Random random, int number, int contexts)
    {
        var type = new[] { "boolean", "string", "number", "object" }[random.Next(4)];
        var variants = _names[..random.Next(2, _names.Length)];
        var definition = new JsonObject
        {
            ["state"] = random.Next(40) == 0 ? "DISABLED" : "ENABLED",
            ["variants"] = new JsonObject(variants.Select((name, index) => KeyValuePair.Create(name, Value(type, index)))),
        };
        if (random.Next(10) != 0)
        {
            definition["defaultVariant"] = random.Next(20) == 0 ? null : variants[random.Next(variants.Length)];
        }

        string[] evaluators = random.Next(4) == 0 ? ["first", "second"] : [];
        var logic = new RandomLogic(random, variants, evaluators);
        definition["targeting"] = random.Next(20) == 0 ? new JsonObject()
            : AsOperation(logic.Targeting(4));
        var shared = new JsonObject();
        foreach (var (index, name) in evaluators.Index())
        {
            // flagd-core puts them in one after the other, so one may name those behind it alone.
            shared[name] = new RandomLogic(random, variants, evaluators[(index + 1)..]).Condition(2);
        }

        return new RandomFlag(
            $"flag-{number}", type, Element(definition), Element(shared),
            [.. Enumerable.Range(0, contexts).Select(_ => Element(RandomContext.Create(random)))]);
    }

    public FlagdCore.Question Question()
    {
        var config = new JsonObject
        {
            ["flags"] = new JsonObject { [Key] = JsonNode.Parse(Definition.GetRawText()) },
            ["$evaluators"] = JsonNode.Parse(Evaluators.GetRawText()),
        };
        return new FlagdCore.Question(config.ToJsonString(), Key, Type, Contexts);
    }

    private static JsonNode? Value(string type, int index) => type switch
    {
        "boolean" => JsonValue.Create(index % 2 == 0),
        "string" => JsonValue.Create($"value {index}"),
        "number" => JsonValue.Create(index * 1.5),
        _ => new JsonObject { ["index"] = index },
    };

    // A literal is no targeting.
    private static JsonNode AsOperation(JsonNode? logic) =>
        logic as JsonObject ?? new JsonObject { ["if"] = new JsonArray(new JsonObject { ["var"] = "beta" }, logic, null) };

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);
}
