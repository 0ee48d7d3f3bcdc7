using System.Runtime.CompilerServices;
using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>A function over operands that stand in the targeting. A few of them need no memory.</summary>
internal sealed class CallNode(Function function, Node[] operands) : Node
{
    private const int Few = 4;

    public override int Size { get; } = 1 + SizeOf(operands);

    public override Value Evaluate(ref Frame frame)
    {
        var few = default(FewValues);
        Span<Value> values = few;
        values = operands.Length > Few ? new Value[operands.Length] : values[..operands.Length];
        for (var index = 0; index < operands.Length; index++)
        {
            values[index] = operands[index].Evaluate(ref frame);
        }

        return function(ref frame, new Arguments(isList: true, values));
    }

    [InlineArray(Few)]
    private struct FewValues
    {
        private Value _first;
    }
}
