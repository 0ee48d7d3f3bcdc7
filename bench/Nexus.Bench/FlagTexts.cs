using System.Globalization;
using System.Text.Json;

namespace Nexus.Bench;

/// <summary>30 flags with targeting, and contexts to evaluate them for.</summary>
internal static class FlagTexts
{
    /// <summary>The shared logic that one of them refers to.</summary>
    public const string Evaluators = """{"staff":{"ends_with":[{"var":"email"},"@nexus.example"]}}""";

    private const int Count = 30;

    // What people target by: attributes, lists, a shared rule, versions, shares of users.
    private static readonly string[] _targetings =
    [
        """{"if":[{"and":[{"==":[{"var":"plan"},"pro"]},{">=":[{"var":"age"},18]},{"in":[{"var":"country"},["DE","FR","US"]]}]},"on","off"]}""",
        """{"if":[{"ends_with":[{"var":"email"},"@acme.example"]},"on",{"fractional":[["on",20],["off",80]]}]}""",
        """{"fractional":[{"var":"email"},["on",50],["off",50]]}""",
        """{"if":[{"sem_ver":[{"var":"version"},">=","2.1.0"]},"on","off"]}""",
        """{"if":[{"$ref":"staff"},"on",{"starts_with":[{"var":"country"},"D"]},"on",{"some":[{"var":"tags"},{"in":[{"var":""},["beta","canary"]]}]},"on"]}""",
        """{"if":[{"or":[{"==":[{"var":"user.team"},"platform"]},{"!":[{"var":"user.locked"}]}]},{"fractional":[["on",10],["off",90]]},"off"]}""",
    ];

    /// <summary>Their definitions by key.</summary>
    public static IEnumerable<(string Key, string Definition)> Definitions() => Enumerable.Range(0, Count).Select(number => (
        string.Create(CultureInfo.InvariantCulture, $"flag-{number:D2}"),
        $$"""{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off","targeting":{{_targetings[number % _targetings.Length]}}}"""));

    /// <summary>The same as a flagd file.</summary>
    public static string File() =>
        $$"""{"flags":{{{string.Join(',', Definitions().Select(flag => $"\"{flag.Key}\":{flag.Definition}"))}}},"$evaluators":{{Evaluators}}}""";

    /// <summary>A user.</summary>
    public static byte[] Context(int number) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        targetingKey = $"user-{number}",
        plan = number % 2 == 0 ? "pro" : "free",
        age = 10 + number,
        country = number % 3 == 0 ? "DE" : "BR",
        email = $"user-{number}@{(number % 5 == 0 ? "acme.example" : "other.example")}",
        version = $"2.{number % 4}.0",
        tags = new[] { "web", number % 7 == 0 ? "beta" : "stable" },
        user = new { team = "sales", locked = number % 2 == 1 },
    });
}
