using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>!</c> and <c>!!</c>.</summary>
internal sealed class NotNode(Node value, bool negates) : Node
{
    public override int Size { get; } = 1 + value.Size;

    public override Value Evaluate(ref Frame frame) => Value.Of(Js.Truthy(value.Evaluate(ref frame)) != negates);
}
