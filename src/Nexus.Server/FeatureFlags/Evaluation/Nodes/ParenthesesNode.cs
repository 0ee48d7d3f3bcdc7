using Nexus.Server.FeatureFlags.Evaluation.Values;

namespace Nexus.Server.FeatureFlags.Evaluation.Nodes;

/// <summary>Parentheses: what is within holds together whatever stands beside it.</summary>
internal sealed class ParenthesesNode(Node inner) : Node
{
    public override int Size => inner.Size;

    public override Value Evaluate(ref Frame frame) => inner.Evaluate(ref frame);
}
