using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A literal, or an operation whose outcome was known beforehand.</summary>
internal sealed class ConstantNode(Value value) : Node
{
    public static ConstantNode Undefined { get; } = new(Value.Undefined);

    public static ConstantNode Null { get; } = new(Value.Null);

    public static ConstantNode False { get; } = new(Value.False);

    /// <summary>A list without items, no other's.</summary>
    public static ConstantNode EmptyArray => new(Value.OfList([]));

    public Value Value => value;

    public override Value Evaluate(ref Frame frame) => value;
}
