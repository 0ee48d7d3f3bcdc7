using System.Globalization;
using System.Text.Json.Nodes;

namespace Nexus.Redaction.Text;

/// <summary>Keeps the property names of a redacted object unique: <c>[EMAIL]</c>, <c>[EMAIL]_2</c>.</summary>
internal sealed class UniquePropertyNames
{
    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, int> _lastSuffix = new(StringComparer.Ordinal);

    /// <summary>Reserves all names of the original object.</summary>
    public UniquePropertyNames(JsonObject properties)
    {
        _taken = new HashSet<string>(properties.Count, StringComparer.Ordinal);
        foreach (var (name, _) in properties)
        {
            _taken.Add(name);
        }
    }

    /// <summary>Reserves a name and returns it, with the lowest free suffix if the name is taken.</summary>
    public string Reserve(string name)
    {
        var suffix = _lastSuffix.GetValueOrDefault(name, 0);
        string unique;
        do
        {
            suffix++;
            unique = suffix == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{suffix}");
        }
        while (!_taken.Add(unique));
        _lastSuffix[name] = suffix;
        return unique;
    }
}
