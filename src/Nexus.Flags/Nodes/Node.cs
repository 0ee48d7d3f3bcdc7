using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A compiled piece of a targeting. Immutable, and safe to evaluate on many threads.</summary>
internal abstract class Node
{
    /// <summary>How many nodes there are from here down: the price of one visit by an iteration.</summary>
    public virtual int Size => 1;

    /// <summary>
    /// How tightly this holds together where it is put beside an operator. json-logic-engine writes JavaScript without
    /// parentheses around some operations; what then comes apart is put together again by <see cref="Precedence"/>.
    /// </summary>
    public virtual int Precedence => Nodes.Precedence.Primary;

    /// <summary>This as two parts around an operator; only of a node that is not primary.</summary>
    public virtual BinaryParts Open() => throw new InvalidOperationException("A primary expression has no parts.");

    /// <summary>What it comes to.</summary>
    /// <exception cref="LogicException">It has no outcome.</exception>
    public abstract Value Evaluate(ref Frame frame);

    public static int SizeOf(IEnumerable<Node> nodes) => nodes.Sum(node => node.Size);
}
