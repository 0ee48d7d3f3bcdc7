using System.Text.Json.Nodes;

namespace Nexus.Tests.FeatureFlags.Evaluation;

/// <summary>
/// Random contexts with the members that <see cref="RandomLogic"/> asks for. A member has one type, and some are absent: what operations
/// make of other types is documented nowhere, or is a documented difference. Keys are ASCII, of which every implementation makes the
/// same hash.
/// </summary>
internal static class RandomContext
{
    private static readonly string[] _names = ["ada", "bob", "grace", "5", "a.b"];

    public static JsonObject Create(Random random)
    {
        var context = new JsonObject();
        Add("targetingKey", () => JsonValue.Create($"{Pick(_names)}{random.Next(1000)}"));
        Add("plan", () => JsonValue.Create(Pick("pro", "free", "on")));
        Add("email", () => JsonValue.Create($"{Pick(_names)}@{Pick("acme.example", "other.example")}"));
        Add("age", () => JsonValue.Create(random.Next(1, 100)));
        Add("score", () => JsonValue.Create(random.Next(1, 80) / 8.0));
        Add("beta", () => JsonValue.Create(random.Next(2) == 0));
        Add("country", () => JsonValue.Create(Pick("DE", "FR", "US")));
        Add("version", () => JsonValue.Create(Pick("1.2.3", "2.0.0", "2.0.0-rc.1", "2.0.0-rc.2+build", "v1.9", "3", "not.one", "1.2.3.4")));
        Add("tags", () =>
            new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => JsonValue.Create(Pick("a", "pro", "x", "5")))]));
        context["prices"] = new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => JsonValue.Create(random.Next(-5, 50)))]);
        Add("user", () => new JsonObject
        {
            ["name"] = Pick(_names),
            ["logins"] = random.Next(50),
            ["address"] = new JsonObject { ["city"] = Pick("Berlin", "Paris") },
        });
        return context;

        void Add(string name, Func<JsonNode?> make)
        {
            if (random.Next(10) != 0)
            {
                context[name] = make();
            }
        }

        string Pick(params string[] from) => from[random.Next(from.Length)];
    }
}
