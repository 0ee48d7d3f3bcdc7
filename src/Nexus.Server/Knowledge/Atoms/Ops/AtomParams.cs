using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The parameters of one run. They include the defaults, so giving a default explicitly leads to the same atom.</summary>
internal sealed class AtomParams
{
    private readonly JsonObject _values;

    private AtomParams(JsonObject values) => (_values, Canonical) = (values, Encoding.UTF8.GetString(CanonicalJson.Write(values)));

    /// <summary>Canonical JSON (RFC 8785). An atom's id depends on it.</summary>
    public string Canonical { get; }

    /// <summary>Validates the parameters that a caller gave for an op and fills in defaults.</summary>
    /// <param name="op">The op.</param>
    /// <param name="given">A JSON object, or null for the defaults.</param>
    /// <exception cref="ProblemException">422 <c>atom.params</c>.</exception>
    public static AtomParams Parse(IAtomOp op, JsonElement? given)
    {
        if (given is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            throw Invalid("params", "must be a JSON object.");
        }

        var values = new JsonObject();
        foreach (var param in op.Params)
        {
            values[param.Name] = param.Default.DeepClone();
        }

        if (given is { ValueKind: JsonValueKind.Object } members)
        {
            foreach (var member in members.EnumerateObject())
            {
                var param = op.Params.FirstOrDefault(param => param.Name == member.Name)
                    ?? throw Invalid("params", DescribeUnknown(op, member.Name));
                values[param.Name] = ParseValue(param, member.Value);
            }
        }

        return new AtomParams(values);
    }

    /// <summary>A refusal of one param.</summary>
    public static ProblemException Invalid(string field, string message) => new(Problem.Invalid(ProblemCodes.AtomParams, field, message));

    /// <summary>The value of an integer parameter.</summary>
    public int GetInt32(string name) => _values[name]!.GetValue<int>();

    /// <summary>The value of a boolean parameter.</summary>
    public bool GetBoolean(string name) => _values[name]!.GetValue<bool>();

    /// <summary>The value of a string parameter.</summary>
    public string GetString(string name) => _values[name]!.GetValue<string>();

    private static string DescribeUnknown(IAtomOp op, string name) => op.Params.Count == 0
        ? $"Unknown parameter {Suggestions.Quote(name)}. {op.Name} has no parameters."
        : Suggestions.Unknown("parameter", name, op.Params.Select(param => param.Name));

    private static JsonValue ParseValue(AtomParam param, JsonElement given)
    {
        var field = "params." + param.Name;
        switch (param.Kind)
        {
            case "integer":
                return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number)
                    && number >= param.Minimum && number <= param.Maximum
                    ? JsonValue.Create(number)
                    : throw Invalid(
                        field, string.Create(CultureInfo.InvariantCulture, $"must be an integer from {param.Minimum} to {param.Maximum}."));
            case "boolean":
                return given.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? JsonValue.Create(given.GetBoolean())
                    : throw Invalid(field, "must be true or false.");
            default:
                var text = given.ValueKind == JsonValueKind.String ? given.GetString()! : throw Invalid(field, "must be a string.");
                if (param.Values.Count > 0 && !param.Values.Contains(text, StringComparer.Ordinal))
                {
                    var values = param.Values.Select(value => JsonSerializer.Serialize(value, StrictJson.TypeInfo<string>()));
                    throw Invalid(field, "must be one of: " + string.Join(", ", values) + ".");
                }

                return text.Length <= (param.Maximum ?? int.MaxValue)
                    ? JsonValue.Create(text)
                    : throw Invalid(field, string.Create(CultureInfo.InvariantCulture, $"must be at most {param.Maximum} characters."));
        }
    }
}
