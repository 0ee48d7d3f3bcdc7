using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>An operation that can only fail, but may never be reached.</summary>
internal sealed class ThrowNode(LogicException why) : Node
{
    public override Value Evaluate(ref Frame frame) => throw new LogicException(why.Message) { Path = why.Path, Operator = why.Operator };
}
