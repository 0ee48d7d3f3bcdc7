using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A function over a value that is computed: its items where it is a list.</summary>
/// <param name="function">The function.</param>
/// <param name="operand">The value.</param>
/// <param name="wraps">Whether a value that is no list counts as a list of itself.</param>
internal sealed class CallOnNode(Function function, Node operand, bool wraps) : Node
{
    public override int Size { get; } = 1 + operand.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var value = operand.Evaluate(ref frame);
        return function(ref frame, value.IsArray ? new Arguments(isList: true, value.Items) : new Arguments(wraps, new ReadOnlySpan<Value>(in value)));
    }
}
