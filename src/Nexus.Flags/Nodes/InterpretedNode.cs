using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A part that json-logic-engine interprets within what it compiles: it has intermediate values of its own.</summary>
internal sealed class InterpretedNode(Node inner) : Node
{
    public override int Size => inner.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var previous = frame.Previous;
        var value = inner.Evaluate(ref frame);
        frame.Previous = previous;
        return value;
    }
}
