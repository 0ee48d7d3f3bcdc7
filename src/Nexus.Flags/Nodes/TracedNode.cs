using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>Notes what an operation came to. Only explanations are compiled with it.</summary>
internal sealed class TracedNode(Node inner, string @operator, string path, Value operands, Func<object, string?> pathOf) : Node
{
    public override int Size => inner.Size;

    public override int Precedence => inner.Precedence;

    // What comes apart is noted where it ends: the order of evaluation stays what it is.
    public override BinaryParts Open() => inner switch
    {
        TernaryNode ternary => ternary.Wrapped(Noted).Open(),
        LogicalNode logical => logical.AsTernary().Wrapped(Noted).Open(),
        _ => inner.Open(),
    };

    public override Value Evaluate(ref Frame frame)
    {
        Value outcome;
        try
        {
            outcome = inner.Evaluate(ref frame);
        }
        catch (LogicException e)
        {
            throw e.At(path, @operator);
        }

        frame.Run.Trace?.Note(@operator, path, operands, pathOf, outcome);
        return outcome;
    }

    private TracedNode Noted(Node node) => new(node, @operator, path, operands, pathOf);
}
