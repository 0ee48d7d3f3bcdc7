using System.Globalization;
using System.Text.Json;
using Nexus.Flags.Targeting;
using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags;

/// <summary>Reads one definition and collects what is wrong with it.</summary>
internal sealed class FlagDefinitionParser
{
    private static readonly string[] _surfaces = ["ws", "sse", "telemetry", "control_plane", "infrastructure", "application"];
    private static readonly string[] _members = ["state", "variants", "defaultVariant", "targeting", "metadata", "applies_to"];

    private static readonly string _nameLength =
        string.Create(CultureInfo.InvariantCulture, $"The name of a variant has 1 to {FlagLimits.MaxNameLength} characters.");

    private readonly JsonElement _element;
    private readonly List<FlagFault> _faults = [];

    private FlagDefinitionParser(JsonElement element) => _element = element;

    /// <inheritdoc cref="FlagDefinition.Parse" />
    public static FlagReading Parse(string key, JsonElement element, EvaluatorSet evaluators)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new FlagReading(null, [new FlagFault("", "A flag is a JSON object.")]);
        }

        var parser = new FlagDefinitionParser(element);
        try
        {
            return parser.Parse(key, evaluators);
        }
        catch (InvalidOperationException)
        {
            return new FlagReading(null, [.. parser._faults, new FlagFault("", "A string of the flag is not valid Unicode.")]);
        }
    }

    private FlagReading Parse(string key, EvaluatorSet evaluators)
    {
        CheckNames();
        var variants = ReadVariants();
        var (defaultVariant, isEnabled, metadata, appliesTo) = (ReadDefault(variants), ReadState(), ReadMetadata(), ReadAppliesTo());
        var targeting = Member("targeting")?.Clone();
        var parser = new TargetingParser(evaluators);
        var node = Compile(targeting, parser);
        var definition = new FlagDefinition(key, variants, node, () => Compile(targeting, new TargetingParser(evaluators, isTraced: true)))
        {
            IsEnabled = isEnabled,
            DefaultVariant = defaultVariant,
            Metadata = metadata,
            AppliesTo = appliesTo,
        };
        return new FlagReading(_faults.Count == 0 ? definition : null, _faults) { Parts = FlagLimits.FlagParts + parser.Parts };
    }

    private Node? Compile(JsonElement? targeting, TargetingParser parser)
    {
        if (targeting is not { } element)
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            AddFault("/targeting", "Targeting is an object: an operation, or {} for none.");
            return null;
        }

        var node = parser.Parse(element, "/targeting");
        _faults.AddRange(parser.Faults);
        return node is ConstantNode { Value.Kind: ValueKind.Object } ? null : node;
    }

    private void CheckNames()
    {
        foreach (var property in _element.EnumerateObject().Where(property => !_members.Contains(property.Name, StringComparer.Ordinal)))
        {
            AddFault(Pointer("", property), $"Unknown member. A flag has: {string.Join(", ", _members)}.");
        }
    }

    private bool ReadState()
    {
        var text = Member("state") is { ValueKind: JsonValueKind.String } given ? given.GetString() : null;
        if (text is not ("ENABLED" or "DISABLED"))
        {
            AddFault("/state", "The state is ENABLED or DISABLED.");
        }

        return text == "ENABLED";
    }

    private Dictionary<string, JsonElement> ReadVariants()
    {
        var variants = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (Member("variants") is not { ValueKind: JsonValueKind.Object } given || given.GetPropertyCount() == 0)
        {
            AddFault("/variants", "Variants are an object of at least one name with its value.");
            return variants;
        }

        string? first = null;
        foreach (var property in given.EnumerateObject())
        {
            var (path, type) = (Pointer("/variants", property), TypeOf(property.Value));
            if (property.Name.Length is 0 or > FlagLimits.MaxNameLength)
            {
                AddFault(path, _nameLength);
            }

            if (type is null)
            {
                AddFault(path, "The value of a variant is a boolean, string, number or object.");
            }
            else if (type != (first ??= type))
            {
                AddFault(path, $"All variants are of the same type, and the first one is a {first}.");
            }

            variants[property.Name] = property.Value.Clone();
        }

        return variants;
    }

    private string? ReadDefault(Dictionary<string, JsonElement> variants)
    {
        if (Member("defaultVariant") is not { } given)
        {
            return null;
        }

        var variant = given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (variant is null || !variants.ContainsKey(variant))
        {
            AddFault("/defaultVariant", "The default variant is the name of a variant, or null.");
        }

        return variant;
    }

    private JsonElement? ReadMetadata()
    {
        if (Member("metadata") is not { } given)
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            AddFault("/metadata", "Metadata is an object.");
            return null;
        }

        foreach (var property in given.EnumerateObject().Where(property => TypeOf(property.Value) is null or "object"))
        {
            AddFault(Pointer("/metadata", property), "Metadata holds strings, numbers and booleans.");
        }

        return given.Clone();
    }

    private string[]? ReadAppliesTo()
    {
        if (Member("applies_to") is not { } given)
        {
            return null;
        }

        string[] surfaces = given.ValueKind == JsonValueKind.Array
            ? [.. given.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "")]
            : [];
        if (surfaces.Length == 0 || surfaces.Except(_surfaces, StringComparer.Ordinal).Any())
        {
            AddFault("/applies_to", $"applies_to is a list of at least one of: {string.Join(", ", _surfaces)}.");
        }

        return [.. surfaces.Distinct(StringComparer.Ordinal)];
    }

    // A member that is null counts as absent.
    private JsonElement? Member(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private void AddFault(string path, string message) => _faults.Add(new FlagFault(path, message));

    private static string Pointer(string parent, JsonProperty property) => $"{parent}/{JsonPointer.Escape(property.Name)}";

    private static string? TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.Object => "object",
        _ => null,
    };
}
