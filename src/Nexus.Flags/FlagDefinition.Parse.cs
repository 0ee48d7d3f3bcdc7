using System.Text.Json;
using Nexus.Flags.Compiling;
using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags;

/// <content>Reading.</content>
internal sealed partial class FlagDefinition
{
    private static readonly string[] _surfaces = ["ws", "sse", "telemetry", "control_plane", "infrastructure", "application"];

    /// <summary>
    /// Reads a definition: <c>state</c>, <c>variants</c>, <c>defaultVariant</c>, <c>targeting</c>, <c>metadata</c> as in flagd,
    /// and <c>applies_to</c>. What could not be evaluated is a fault, and so is a member of another name.
    /// </summary>
    /// <param name="key">The flag's key, which buckets hang on.</param>
    /// <param name="element">The JSON, nested at most as deep as its parser let through.</param>
    /// <param name="evaluators">What <c>$ref</c> may name.</param>
    public static FlagReading Parse(string key, JsonElement element, EvaluatorSet evaluators)
    {
        var faults = new List<FlagFault>();
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new FlagReading(null, [new FlagFault("", "A flag is an object.")]);
        }

        try
        {
            var parts = FlagLimits.FlagParts;
            var definition = Read(key, element, evaluators, faults, ref parts);
            return new FlagReading(faults.Count == 0 ? definition : null, faults) { Parts = parts };
        }
        catch (InvalidOperationException)
        {
            return new FlagReading(null, [.. faults, new FlagFault("", "The flag holds text that is not Unicode.")]);
        }
    }

    private static FlagDefinition Read(string key, JsonElement element, EvaluatorSet evaluators, List<FlagFault> faults, ref int parts)
    {
        CheckNames(element, faults);
        var variants = FlagVariants.Read(Member(element, "variants"), faults);
        var defaultVariant = ReadDefault(Member(element, "defaultVariant"), variants, faults);
        var isEnabled = ReadState(Member(element, "state"), faults);
        var metadata = ReadMetadata(Member(element, "metadata"), faults);
        var appliesTo = ReadAppliesTo(Member(element, "applies_to"), faults);
        var targeting = Member(element, "targeting") is { ValueKind: not JsonValueKind.Null } given ? given.Clone() : default;
        var compiled = Compile(targeting, evaluators, isTraced: false, faults, ref parts);
        return new FlagDefinition(key, variants, compiled, () => Traced(targeting, evaluators))
        {
            IsEnabled = isEnabled,
            DefaultVariant = defaultVariant,
            Metadata = metadata,
            AppliesTo = appliesTo,
        };
    }

    private static Node? Traced(JsonElement targeting, EvaluatorSet evaluators)
    {
        var parts = 0;
        return Compile(targeting, evaluators, isTraced: true, [], ref parts);
    }

    private static Node? Compile(JsonElement targeting, EvaluatorSet evaluators, bool isTraced, List<FlagFault> faults, ref int parts)
    {
        if (targeting.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        if (targeting.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new FlagFault("/targeting", "Targeting is an object: an operation, or {} for none."));
            return null;
        }

        var source = new TargetingSource(evaluators);
        var logic = source.Read(targeting, "/targeting");
        parts += source.Parts;
        if (source.Faults.Count > 0)
        {
            faults.AddRange(source.Faults);
            return null;
        }

        if (!Decides(logic))
        {
            return null;
        }

        var compiler = new Compiler(new Tracer(source, isTraced));
        try
        {
            return compiler.Compile(logic);
        }
        catch (LogicException e)
        {
            faults.Add(new FlagFault(e.Path ?? "/targeting", $"'{e.Operator}' {e.Message}, whatever the context."));
            return null;
        }
        finally
        {
            parts += compiler.Steps / FlagLimits.StepsAPart;
        }
    }

    // {} is no targeting. What an evaluator stands for may be a variant or a list, and none either.
    private static bool Decides(in Value logic) => logic.Kind switch
    {
        ValueKind.Object => !logic.Members.IsEmpty,
        ValueKind.Array => logic.Items.Length > 0,
        ValueKind.String => logic.Text.Length > 0,
        _ => false,
    };

    private static void CheckNames(JsonElement element, List<FlagFault> faults)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name is not ("state" or "variants" or "defaultVariant" or "targeting" or "metadata" or "applies_to"))
            {
                faults.Add(new FlagFault("/" + JsonPointer.Escape(property.Name), "A flag has no such member."));
            }
        }
    }

    private static bool ReadState(JsonElement? state, List<FlagFault> faults)
    {
        var text = state is { ValueKind: JsonValueKind.String } given ? given.GetString() : null;
        if (text is not ("ENABLED" or "DISABLED"))
        {
            faults.Add(new FlagFault("/state", "The state is ENABLED or DISABLED."));
        }

        return text == "ENABLED";
    }

    private static string? ReadDefault(JsonElement? element, Dictionary<string, JsonElement> variants, List<FlagFault> faults)
    {
        if (element is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        var variant = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (variant is null || !variants.ContainsKey(variant))
        {
            faults.Add(new FlagFault("/defaultVariant", "The default is the name of a variant, or null."));
        }

        return variant;
    }

    private static JsonElement? ReadMetadata(JsonElement? element, List<FlagFault> faults)
    {
        if (element is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new FlagFault("/metadata", "Metadata is an object."));
            return null;
        }

        foreach (var property in given.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            {
                faults.Add(new FlagFault("/metadata/" + JsonPointer.Escape(property.Name), "Metadata holds texts, numbers and booleans."));
            }
        }

        return given.Clone();
    }

    private static string[]? ReadAppliesTo(JsonElement? element, List<FlagFault> faults)
    {
        if (element is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        string[] surfaces = given.ValueKind == JsonValueKind.Array
            ? [.. given.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "")]
            : [];
        if (surfaces.Length == 0 || surfaces.Except(_surfaces, StringComparer.Ordinal).Any())
        {
            faults.Add(new FlagFault("/applies_to", "What a flag applies to is a list of: " + string.Join(", ", _surfaces) + "."));
        }

        return [.. surfaces.Distinct(StringComparer.Ordinal)];
    }

    private static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value : null;
}
