using System.Text.Json;

namespace Nexus.Flags.Targeting.Values;

/// <summary>The members of a JSON object. Small objects are scanned, larger ones are indexed.</summary>
internal sealed class MemberMap
{
    private const int MaxScanned = 8;

    private readonly string[] _names;
    private readonly Value[] _values;
    private readonly Dictionary<string, int>? _index;

    /// <summary>Members with distinct names.</summary>
    public MemberMap(string[] names, Value[] values)
    {
        (_names, _values) = (names, values);
        if (names.Length > MaxScanned)
        {
            _index = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
            for (var index = 0; index < names.Length; index++)
            {
                _index.Add(names[index], index);
            }
        }
    }

    public static MemberMap Empty { get; } = new([], []);

    public ReadOnlySpan<string> Names => _names;

    public ReadOnlySpan<Value> Values => _values;

    /// <inheritdoc cref="Value.Parse" />
    public static MemberMap Parse(JsonElement element)
    {
        var members = new OrderedDictionary<string, Value>(element.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            members[property.Name] = Value.Parse(property.Value);
        }

        return new MemberMap([.. members.Keys], [.. members.Values]);
    }

    /// <summary>The value of a member; null if there is none.</summary>
    public Value Find(string name)
    {
        if (_index is not null)
        {
            return _index.TryGetValue(name, out var at) ? _values[at] : Value.Null;
        }

        for (var index = 0; index < _names.Length; index++)
        {
            if (_names[index] == name)
            {
                return _values[index];
            }
        }

        return Value.Null;
    }
}
