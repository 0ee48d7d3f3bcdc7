namespace Nexus.Flags.Values;

/// <summary>
/// The members of an object. A context's root has <c>$flagd</c> besides, whose content depends on the flag that is
/// evaluated: it is made up on reading, so that one context serves every flag.
/// </summary>
internal sealed class Members
{
    public const string FlagdName = "$flagd";

    private const int FewEnoughToScan = 8;

    private static readonly Value _flagd = Value.Of(new Members([], [], MembersRole.Flagd));

    private readonly string[] _names;
    private readonly Value[] _values;
    private readonly Dictionary<string, int>? _index;

    private Members(string[] names, Value[] values, MembersRole role)
    {
        (_names, _values, Role) = (names, values, role);
        if (names.Length > FewEnoughToScan)
        {
            _index = new Dictionary<string, int>(names.Length, StringComparer.Ordinal);
            for (var index = 0; index < names.Length; index++)
            {
                _index.Add(names[index], index);
            }
        }
    }

    public static Members None { get; } = new([], [], MembersRole.Plain);

    public MembersRole Role { get; }

    public bool IsEmpty => _names.Length == 0 && Role == MembersRole.Plain;

    /// <summary>The names as they were given, without <see cref="FlagdName"/>.</summary>
    public ReadOnlySpan<string> Names => _names;

    public ReadOnlySpan<Value> Values => _values;

    public static Members Of(params ReadOnlySpan<(string Name, Value Value)> members)
    {
        var names = new string[members.Length];
        var values = new Value[members.Length];
        for (var index = 0; index < members.Length; index++)
        {
            (names[index], values[index]) = members[index];
        }

        return new Members(names, values, MembersRole.Plain);
    }

    /// <summary>Members of distinct names.</summary>
    public static Members Of(string[] names, Value[] values, bool isRoot = false) => new(names, values, isRoot ? MembersRole.Root : MembersRole.Plain);

    /// <summary>The value of a name, or undefined.</summary>
    public Value Get(string name, ref Run run)
    {
        if (Role != MembersRole.Plain)
        {
            if (Role == MembersRole.Flagd)
            {
                return name switch
                {
                    "flagKey" => Value.Of(run.FlagKey),
                    "timestamp" => Value.Of(run.ReadTime()),
                    _ => Value.Undefined,
                };
            }

            if (name == FlagdName)
            {
                return _flagd;
            }
        }

        if (_index is not null)
        {
            return _index.TryGetValue(name, out var at) ? _values[at] : Value.Undefined;
        }

        for (var index = 0; index < _names.Length; index++)
        {
            if (_names[index] == name)
            {
                return _values[index];
            }
        }

        return Value.Undefined;
    }
}
