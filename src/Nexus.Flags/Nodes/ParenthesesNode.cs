using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>Parentheses: what is within holds together whatever stands beside it.</summary>
internal sealed class ParenthesesNode(Node inner) : Node
{
    public override int Size => inner.Size;

    public override Value Evaluate(ref Frame frame) => inner.Evaluate(ref frame);
}
