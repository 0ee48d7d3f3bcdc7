using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Nodes;

/// <summary>A compiled part of a targeting. Immutable, and safe to evaluate on many threads at once.</summary>
internal abstract class Node(params ReadOnlySpan<Node> operands)
{
    /// <summary>How many nodes there are from here down, which is what an iteration pays for evaluating this one.</summary>
    public int Size { get; } = 1 + SizeOf(operands);

    /// <summary>Evaluates the node.</summary>
    /// <param name="data">What <c>var</c> looks into: the evaluation context, or an item within an iteration.</param>
    /// <param name="evaluation">The evaluation, which pays for the work.</param>
    /// <exception cref="StepLimitException">The evaluation takes too long.</exception>
    public abstract Value Evaluate(in Value data, ref Evaluation evaluation);

    private static int SizeOf(ReadOnlySpan<Node> operands)
    {
        var size = 0;
        foreach (var operand in operands)
        {
            size += operand.Size;
        }

        return size;
    }
}

/// <summary>A literal.</summary>
internal sealed class ConstantNode(Value value) : Node
{
    public Value Value => value;

    public override Value Evaluate(in Value data, ref Evaluation evaluation) => value;
}

/// <summary>A list with operations among its items.</summary>
internal sealed class ListNode(Node[] items) : Node(items)
{
    public Node[] Items => items;

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var values = new Value[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            values[index] = items[index].Evaluate(data, ref evaluation);
        }

        return Value.From(values);
    }
}

/// <summary>Records what an operation gives. Only explanations are compiled with it.</summary>
/// <param name="inner">The operation.</param>
/// <param name="operator">Its name.</param>
/// <param name="path">Its JSON pointer in the definition.</param>
/// <param name="operands">Its operands as they stand in the definition.</param>
/// <param name="text">Its JSON, cut short.</param>
internal sealed class TracedNode(Node inner, string @operator, string path, Node[] operands, string text) : Node(operands)
{
    public string Operator => @operator;

    public string Path => path;

    public Node[] Operands => operands;

    public string Text => text;

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var outcome = inner.Evaluate(data, ref evaluation);
        evaluation.Trace?.Add(this, outcome);
        return outcome;
    }
}
