using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>Random contexts: of the kinds that <see cref="RandomLogic"/> asks for, some members missing, some of another kind.</summary>
internal static class RandomContext
{
    private static readonly string[] _names = ["ada", "bob", "grace", "é-ü", "李小龍", "", "5", "a.b"];

    public static JsonObject Make(Random random)
    {
        var context = new JsonObject();
        Add("targetingKey", () => JsonValue.Create($"{Pick(_names)}{random.Next(1000)}"));
        Add("plan", () => JsonValue.Create(Pick("pro", "free", "", "on")));
        Add("email", () => JsonValue.Create($"{Pick(_names)}@{Pick("acme.example", "other.example")}"));
        Add("age", () => JsonValue.Create(random.Next(100)));
        Add("score", () => JsonValue.Create(random.NextDouble() * 10));
        Add("beta", () => JsonValue.Create(random.Next(2) == 0));
        Add("country", () => JsonValue.Create(Pick("DE", "FR", "US")));
        Add("version", () => JsonValue.Create(Pick("1.2.3", "2.0.0", "2.0.0-rc.1", "2.0.0-rc.2+build", "v1.9", "3", "not.one", "1.2.3.4")));
        Add("tags", () => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => JsonValue.Create(Pick("a", "pro", "x", "5")))]));
        Add("prices", () => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => JsonValue.Create(random.Next(-5, 50)))]));
        Add("list", () => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Odd(random, 2))]));
        Add("user", () => new JsonObject
        {
            ["name"] = Pick(_names),
            ["logins"] = random.Next(50),
            ["address"] = random.Next(4) == 0 ? Odd(random, 1) : new JsonObject { ["city"] = Pick("Berlin", "Paris", "") },
        });
        Add("a.b", () => JsonValue.Create("dotted"));
        Add("odd", () => Odd(random, 3));
        return context;

        void Add(string name, Func<JsonNode?> make)
        {
            var fate = random.Next(12);
            if (fate != 0)
            {
                context[name] = fate == 1 ? Odd(random, 2) : make();
            }
        }

        string Pick(params string[] from) => from[random.Next(from.Length)];
    }

    private static JsonNode? Odd(Random random, int depth) => random.Next(depth > 0 ? 10 : 7) switch
    {
        0 => null,
        1 => JsonValue.Create(true),
        2 => JsonValue.Create(false),
        3 => JsonValue.Create(random.Next(3) == 0 ? -0.25 : random.Next(10)),
        4 => JsonValue.Create(_names[random.Next(_names.Length)]),
        5 => JsonValue.Create("12"),
        6 => JsonValue.Create(""),
        7 => new JsonObject(),
        8 => new JsonObject { ["id"] = Odd(random, depth - 1), ["name"] = "x" },
        _ => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Odd(random, depth - 1))]),
    };
}
