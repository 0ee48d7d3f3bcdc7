using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>fractional</c> with buckets that are known beforehand: the common case, which needs no memory.</summary>
internal sealed class FractionalNode(Node first, Value[] buckets) : Node
{
    public override int Size { get; } = 1 + first.Size;

    public override Value Evaluate(ref Frame frame) => Fractional.Choose(ref frame, first.Evaluate(ref frame), buckets);
}
