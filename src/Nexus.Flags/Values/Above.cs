namespace Nexus.Flags.Values;

/// <summary>
/// The scopes around the data that an iteration works on, for paths that climb with <c>../</c>. As in json-logic-engine it
/// is a list of three: something of the iteration, the data outside, and the list around that.
/// </summary>
internal sealed class Above
{
    private readonly Value _first;
    private readonly Value _selector;
    private readonly int _index;
    private readonly Value _context;

    private Above(Value first, Value selector, int index, Value context, Above? outer) =>
        (_first, _selector, _index, _context, Outer) = (first, selector, index, context, outer);

    /// <summary>Around the root there is nothing.</summary>
    public static Above Nothing { get; } = new(default, default, -1, default, null);

    public int Length => ReferenceEquals(this, Nothing) ? 0 : 3;

    public Above? Outer { get; }

    /// <summary>One step up shows the list that is iterated, and where.</summary>
    public static Above OfPosition(Value selector, int index, Value context, Above? outer) => new(default, selector, index, context, outer);

    /// <summary>One step up shows this.</summary>
    public static Above Of(Value first, Value context, Above? outer) => new(first, default, -1, context, outer);

    /// <summary>The first or second of the three.</summary>
    public Value At(int place) => place switch
    {
        _ when Length == 0 => Value.Undefined,
        0 when _index >= 0 => Value.Of(Members.Of(("iterator", _selector), ("index", Value.Of((double)_index)))),
        0 => _first,
        _ => _context,
    };
}
