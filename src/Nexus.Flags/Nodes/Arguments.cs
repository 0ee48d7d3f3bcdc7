using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>What a function is called with: a list of values, or one value by itself.</summary>
internal readonly ref struct Arguments(bool isList, ReadOnlySpan<Value> items)
{
    public bool IsList { get; } = isList;

    public ReadOnlySpan<Value> Items { get; } = items;

    public int Count => Items.Length;

    /// <summary>The value in a place, undefined beyond the last.</summary>
    public Value this[int place] => place < Items.Length ? Items[place] : Value.Undefined;
}
