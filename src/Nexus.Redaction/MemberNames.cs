using System.Globalization;
using System.Text.Json.Nodes;

namespace Nexus.Redaction;

/// <summary>Gives redacted names of members that nobody else in the object has: <c>[EMAIL]</c>, <c>[EMAIL]_2</c>.</summary>
internal sealed class MemberNames
{
    private readonly HashSet<string> _taken;
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);

    /// <summary>Of an object, whose own names are taken.</summary>
    public MemberNames(JsonObject members)
    {
        _taken = new HashSet<string>(members.Count, StringComparer.Ordinal);
        foreach (var (name, _) in members)
        {
            _taken.Add(name);
        }
    }

    /// <summary>The name, or with the next suffix that makes it another.</summary>
    public string Free(string name)
    {
        var number = _last.GetValueOrDefault(name, 0);
        string free;
        do
        {
            number++;
            free = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        }
        while (!_taken.Add(free));
        _last[name] = number;
        return free;
    }
}
