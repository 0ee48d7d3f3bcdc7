namespace Nexus.Flags.Nodes;

/// <summary>The outermost operands of an expression without parentheses, and how to put it together with others.</summary>
internal sealed record BinaryParts(Node Left, Node Right, Func<Node, Node, Node> Join);
