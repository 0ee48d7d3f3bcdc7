using System.Text.Json;
using Nexus.Flags;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>
/// The flags of a tenant and env at one version of both layers, compiled once. What tenant-0 defined is compiled for all tenants
/// together, with tenant-0's evaluators; a tenant's own definitions see its own evaluators before tenant-0's.
/// </summary>
internal sealed class FlagConfiguration
{
    private static readonly FlagFault _layerTooLarge = new("", string.Create(
        CultureInfo.InvariantCulture,
        $"The flags of a layer hold more together than {FlagLimits.MaxLayerParts} parts, references put in, "
        + $"or {FlagLimits.MaxLayerLength} characters."));

    private readonly IReadOnlyDictionary<string, LayeredFlag> _flags;
    private readonly EvaluatorSet _evaluators;

    private FlagConfiguration(
        StoredFlagLayer? layer, FlagConfiguration? below, IReadOnlyDictionary<string, LayeredFlag> flags, EvaluatorSet evaluators,
        IReadOnlyDictionary<string, IReadOnlyList<FlagFault>> faults)
    {
        (Layer, Parent, _flags, _evaluators, Faults) = (layer, below, flags, evaluators, faults);
        Version = string.Create(CultureInfo.InvariantCulture, $"{below?.Layer?.Version ?? 0}.{layer?.Version ?? 0}");
        Set = FlagSet.Create(flags.Values.Select(flag => flag.Entry));
    }

    /// <summary>What is built in.</summary>
    public static FlagConfiguration BuiltIn { get; } = new(
        null,
        null,
        BuiltInFlags.Flags,
        EvaluatorSet.Empty,
        new Dictionary<string, IReadOnlyList<FlagFault>>(StringComparer.Ordinal));

    /// <summary>What the layer itself wrote; null for what is built in.</summary>
    public StoredFlagLayer? Layer { get; }

    /// <summary>What it lies on.</summary>
    public FlagConfiguration? Parent { get; }

    /// <summary>The flags, for evaluation.</summary>
    public FlagSet Set { get; }

    /// <summary>What is wrong with what the layer wrote, by key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FlagFault>> Faults { get; }

    /// <summary>The versions of all layers: equal only for equal flags.</summary>
    public string Version { get; }

    /// <summary>Whether a version is newer in either layer.</summary>
    public bool IsOlderThan(string? version) =>
        version?.Split('.') is [var zero, var own]
        && long.TryParse(zero, NumberStyles.None, CultureInfo.InvariantCulture, out var zeros)
        && long.TryParse(own, NumberStyles.None, CultureInfo.InvariantCulture, out var owns)
        && (zeros > (Parent?.Layer?.Version ?? 0) || owns > (Layer?.Version ?? 0));

    /// <summary>All flags in the order of their keys.</summary>
    public IEnumerable<LayeredFlag> Flags => Set.Entries.Select(entry => _flags[entry.Key]);

    /// <summary>A flag, or null.</summary>
    public LayeredFlag? Find(string key) => _flags.GetValueOrDefault(key);

    /// <summary>The shared logic that counts for what the layer defines, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> GetEvaluators() =>
        _evaluators.Names.ToDictionary(
            name => name,
            name => _evaluators.TryGet(name, out var logic) ? logic : default,
            StringComparer.Ordinal);

    /// <summary>Lays a layer upon another.</summary>
    /// <param name="layer">What it says.</param>
    /// <param name="below">What it lies on.</param>
    /// <param name="known">The same layer at another version: what says the same in both is not compiled again.</param>
    public static FlagConfiguration Create(StoredFlagLayer layer, FlagConfiguration below, FlagConfiguration? known = null)
    {
        var name = layer.TenantId == Scope.SystemTenantId ? FlagLayer.TenantZero : FlagLayer.Tenant;
        var faults = new Dictionary<string, IReadOnlyList<FlagFault>>(StringComparer.Ordinal);
        var evaluators = below._evaluators;
        if (layer.Find(FlagStore.EvaluatorsKey) is { } shared)
        {
            var read = EvaluatorSet.Parse(shared.Json, below._evaluators);
            evaluators = read.Evaluators ?? evaluators;
            if (read.Evaluators is null)
            {
                faults[FlagStore.EvaluatorsKey] = read.Faults;
            }
        }

        var isComparable = known?.Parent == below
            && known.Layer!.Find(FlagStore.EvaluatorsKey)?.Definition == layer.Find(FlagStore.EvaluatorsKey)?.Definition;
        var (parts, length) = (0, 0L);
        var flags = new Dictionary<string, LayeredFlag>(below._flags, StringComparer.Ordinal);
        foreach (var row in layer.Rows)
        {
            if (row.Key == FlagStore.EvaluatorsKey)
            {
                continue;
            }

            length += row.Definition!.Length;
            if (parts > FlagLimits.MaxLayerParts || length > FlagLimits.MaxLayerLength)
            {
                flags[row.Key] = new LayeredFlag(
                    row.Key,
                    row.Json,
                    new FlagEntry(row.Key, null, new FlagOrigin(name, row.Version, row.Seq + 1)),
                    row);
                faults[row.Key] = [_layerTooLarge];
                continue;
            }

            var origin = new FlagOrigin(name, row.Version, row.Seq + 1);
            if (isComparable
                && known!._flags.TryGetValue(row.Key, out var same)
                && same.Row?.Definition == row.Definition
                && same.Row!.TenantId == row.TenantId
                && !known.Faults.ContainsKey(row.Key))
            {
                parts += same.Parts;
                flags[row.Key] = same with { Row = row, Entry = same.Entry with { Origin = origin } };
                continue;
            }

            var under = below.Find(row.Key);
            var found = Validate(row, under, name);
            var definition = row.IsPartial && under is not null ? ApplyChange(under.Definition, row.Json) : row.Json;
            var reading = found.Count == 0
                ? FlagDefinition.Parse(row.Key, definition, row.IsPartial ? below.GetEvaluatorsFor(row.Key) : evaluators)
                : new FlagReading(null, found);
            parts += reading.Parts;
            if (!reading.IsValid)
            {
                faults[row.Key] = reading.Faults;
            }

            flags[row.Key] = new LayeredFlag(row.Key, definition, new FlagEntry(row.Key, reading.Definition, origin), row, reading.Parts);
        }

        return new FlagConfiguration(layer, below, flags, evaluators, faults);
    }

    private static List<FlagFault> Validate(FlagRow row, LayeredFlag? under, FlagLayer layer)
    {
        var faults = new List<FlagFault>();
        if (row.Key.Length is 0 or > FlagLimits.MaxNameLength
            || row.Key[0] == '$'
            || row.Key.Any(char.IsControl)
            || !FlagKey.IsAddressable(row.Key))
        {
            faults.Add(
                new FlagFault(
                    "",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"A flag's key has 1 to {FlagLimits.MaxNameLength} characters, does not begin with $, is not . or .., and holds "
                        + $"no control character and no %2F.")));
        }

        if (row.Json.ValueKind != JsonValueKind.Object)
        {
            return [new FlagFault("", "A flag is an object.")];
        }

        var isBuiltIn = BuiltInFlags.Definitions.ContainsKey(row.Key);
        if (row.IsPartial)
        {
            if (under is null)
            {
                faults.Add(new FlagFault("/variants", "A flag that no layer below defines needs variants."));
            }

            faults.AddRange(row.Json.EnumerateObject().Where(member => member.Name is not ("state" or "defaultVariant"))
                .Select(
                    member =>
                        new FlagFault(
                            "/" + JsonPointer.Escape(member.Name),
                            "Without variants only state and defaultVariant can be changed.")));
        }
        else if (isBuiltIn)
        {
            faults.Add(new FlagFault("/variants", "This flag is built in: only its state and defaultVariant can be changed."));
        }
        else if (layer == FlagLayer.TenantZero && !row.Json.TryGetProperty("applies_to", out _))
        {
            faults.Add(new FlagFault("/applies_to", "A flag of t_system says what it applies to."));
        }

        return faults;
    }

    /// <summary>The evaluators that a flag's own targeting was compiled with: those of the layer that wrote its targeting.</summary>
    private EvaluatorSet GetEvaluatorsFor(string key) =>
        Layer?.Find(key) is { } row
            ? row.IsPartial ? Parent!.GetEvaluatorsFor(key) : _evaluators
            : Parent?.GetEvaluatorsFor(key) ?? EvaluatorSet.Empty;

    private static JsonElement ApplyChange(JsonElement definition, JsonElement change)
    {
        var whole = System.Text.Json.Nodes.JsonObject.Create(definition)!;
        foreach (var member in change.EnumerateObject())
        {
            whole[member.Name] = System.Text.Json.Nodes.JsonNode.Parse(member.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(whole, Client.WireJson.Default.JsonObject);
    }
}
