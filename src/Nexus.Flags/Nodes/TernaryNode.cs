using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>JavaScript's <c>? :</c> on its own notion of truth, without parentheses around it.</summary>
internal sealed class TernaryNode(Node condition, Node then, Node otherwise) : Node
{
    public override int Size { get; } = 1 + condition.Size + then.Size + otherwise.Size;

    public override int Precedence => Nodes.Precedence.Conditional;

    public override BinaryParts Open() => new(condition, otherwise, (c, o) => Nodes.Precedence.Ternary(c, then, o));

    public override Value Evaluate(ref Frame frame) =>
        Js.ToBoolean(condition.Evaluate(ref frame)) ? then.Evaluate(ref frame) : otherwise.Evaluate(ref frame);

    /// <summary>The same with each outcome wrapped.</summary>
    public TernaryNode Wrapped(Func<Node, Node> wrap) =>
        new(condition, wrap(then), otherwise is TernaryNode more ? more.Wrapped(wrap) : wrap(otherwise));
}
