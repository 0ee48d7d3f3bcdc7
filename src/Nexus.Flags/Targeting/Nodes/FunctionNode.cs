using System.Runtime.CompilerServices;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Nodes;

/// <summary>An operation over the values of its operands.</summary>
internal delegate Value Function(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation);

/// <summary>Calls a function with the values of its operands, which cost no memory if they are few.</summary>
internal sealed class FunctionNode(Function function, Node[] operands) : Node(operands)
{
    private const int Few = 4;

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var few = default(FewValues);
        Span<Value> values = few;
        values = operands.Length > Few ? new Value[operands.Length] : values[..operands.Length];
        for (var index = 0; index < operands.Length; index++)
        {
            values[index] = operands[index].Evaluate(data, ref evaluation);
        }

        return function(values, data, ref evaluation);
    }

    [InlineArray(Few)]
    private struct FewValues
    {
        private Value _first;
    }
}
