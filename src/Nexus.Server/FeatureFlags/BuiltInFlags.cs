using System.Text.Json;
using Nexus.Flags;

namespace Nexus.Server.FeatureFlags;

/// <summary>
/// The flags behind the fields of <c>GET /feature-flags</c>: definitions like all others, of which layers change state and default alone.
/// </summary>
internal static class BuiltInFlags
{
    private const string Json =
        """
        {
          "ws_enabled": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off", "applies_to": ["ws"] },
          "sse_enabled": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off", "applies_to": ["sse"] },
          "gesture_logging": { "state": "ENABLED", "variants": { "on": true, "off": false }, "defaultVariant": "off",
          "applies_to": ["telemetry"] },
          "replay_mode": { "state": "ENABLED", "variants": { "off": "off", "keyframe": "keyframe", "stream": "stream" },
          "defaultVariant": "off", "applies_to": ["telemetry"] },
          "visibility_mode": { "state": "ENABLED", "variants": { "private": "private", "team": "team", "public": "public" },
          "defaultVariant": "private", "applies_to": ["application"] }
        }
        """;

    /// <summary>Their definitions by key.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Definitions { get; } =
        JsonElement.Parse(Json).EnumerateObject().ToDictionary(flag => flag.Name, flag => flag.Value, StringComparer.Ordinal);

    /// <summary>The flags as nobody changed them.</summary>
    public static IReadOnlyDictionary<string, LayeredFlag> Flags { get; } = Definitions.ToDictionary(
        flag => flag.Key,
        flag =>
            new LayeredFlag(
                flag.Key,
                flag.Value,
                new FlagEntry(
                    flag.Key,
                    FlagDefinition.Parse(flag.Key, flag.Value, EvaluatorSet.Empty).Definition,
                    new FlagOrigin(FlagLayer.Default, 0)),
                null),
        StringComparer.Ordinal);

    /// <summary>The name of a value's variant; null where the flag has no such value.</summary>
    public static string? FindVariant(string key, string value) =>
        Definitions[key].GetProperty("variants")
            .EnumerateObject()
            .Where(variant => variant.Value.ToString() == value)
            .Select(variant => variant.Name)
            .FirstOrDefault();

    /// <summary>What a flag is: its default where it is on, else what nobody changed.</summary>
    public static JsonElement GetValue(LayeredFlag flag) =>
        flag.Entry.Definition is { IsEnabled: true, DefaultVariant: { } variant } definition
            ? definition.Variants[variant]
            : GetValue(Flags[flag.Key]);
}
