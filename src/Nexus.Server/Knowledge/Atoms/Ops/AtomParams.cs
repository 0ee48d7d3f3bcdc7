using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Merkle;
using Nexus.Server.Platform.Http;

namespace Nexus.Server.Knowledge.Atoms.Ops;

/// <summary>The params of one run: every param of the op, so that a default and the same value said aloud are one atom.</summary>
internal sealed class AtomParams
{
    private readonly JsonObject _values;

    private AtomParams(JsonObject values) => (_values, Canonical) = (values, Encoding.UTF8.GetString(CanonicalJson.Write(values)));

    /// <summary>Canonical JSON (RFC 8785): part of what an atom is a function of.</summary>
    public string Canonical { get; }

    /// <summary>Checks what a caller gave against what an op takes.</summary>
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

        if (given is { ValueKind: JsonValueKind.Object } said)
        {
            foreach (var member in said.EnumerateObject())
            {
                var param = op.Params.FirstOrDefault(param => param.Name == member.Name) ?? throw new ProblemException(Problem.Invalid(
                        ProblemCodes.AtomParams,
                        [new FieldError(
                            "params",
                            $"Unknown param {Suggestions.Quote(member.Name)} of {op.Name}.{Suggest(op, member.Name)} It takes: {ListNames(op)}.")]));
                values[param.Name] = ParseValue(param, member.Value);
            }
        }

        return new AtomParams(values);
    }

    /// <summary>A refusal of one param.</summary>
    public static ProblemException Invalid(string field, string message) => new(Problem.Invalid(ProblemCodes.AtomParams, field, message));

    /// <summary>An integer param.</summary>
    public int GetInt32(string name) => _values[name]!.GetValue<int>();

    /// <summary>A boolean param.</summary>
    public bool GetBoolean(string name) => _values[name]!.GetValue<bool>();

    /// <summary>A string param.</summary>
    public string GetString(string name) => _values[name]!.GetValue<string>();

    private static string ListNames(IAtomOp op) => op.Params.Count == 0 ? "none" : string.Join(", ", op.Params.Select(param => param.Name));

    private static string Suggest(IAtomOp op, string name) =>
        Suggestions.Nearest(name, op.Params.Select(param => param.Name)) is { } nearest ? $" Did you mean `{nearest}`?" : "";

    private static JsonValue ParseValue(AtomParam param, JsonElement given)
    {
        var field = "params." + param.Name;
        switch (param.Kind)
        {
            case "integer":
                return given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out var number) && number >= param.Minimum && number <= param.Maximum
                    ? JsonValue.Create(number)
                    : throw Invalid(
                        field, string.Create(CultureInfo.InvariantCulture, $"must be an integer from {param.Minimum} to {param.Maximum}."));
            case "boolean":
                return given.ValueKind is JsonValueKind.True or JsonValueKind.False ? JsonValue.Create(given.GetBoolean()) : throw Invalid(field, "must be true or false.");
            default:
                var text = given.ValueKind == JsonValueKind.String ? given.GetString()! : throw Invalid(field, "must be a string.");
                return param.Values.Count > 0
                    ? param.Values.Contains(text, StringComparer.Ordinal) ? JsonValue.Create(text) : throw Invalid(field, "must be one of: " + string.Join(", ", param.Values.Select(value => JsonSerializer.Serialize(value, StrictJson.TypeInfo<string>()))) + ".")
                    : text.Length <= param.Maximum ? JsonValue.Create(text) : throw Invalid(field, string.Create(CultureInfo.InvariantCulture, $"must be at most {param.Maximum} characters."));
        }
    }
}
