using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Nodes;

internal enum Iteration
{
    Map,
    Filter,
    All,
    Some,
    None,
}

/// <summary><c>map</c>, <c>filter</c>, <c>all</c>, <c>some</c> and <c>none</c>. Anything but a list counts as an empty one.</summary>
internal sealed class IterationNode(Iteration kind, Node[] operands) : Node(operands)
{
    private static readonly Value _empty = Value.From([]);

    private readonly Node _list = operands[0];
    private readonly Node _body = operands[1];

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var list = _list.Evaluate(data, ref evaluation);
        var items = list.IsList ? list.Items : [];
        return kind switch
        {
            Iteration.Map => Map(items, ref evaluation),
            Iteration.Filter => Filter(items, ref evaluation),
            Iteration.All => Value.From(items.Length > 0 && !Any(items, false, ref evaluation)),
            _ => Value.From(Any(items, true, ref evaluation) == (kind == Iteration.Some)),
        };
    }

    private Value Map(Value[] items, ref Evaluation evaluation)
    {
        if (items.Length == 0)
        {
            return _empty;
        }

        var mapped = new Value[items.Length];
        for (var index = 0; index < items.Length; index++)
        {
            evaluation.Spend(_body.Size);
            mapped[index] = _body.Evaluate(items[index], ref evaluation);
        }

        return Value.From(mapped);
    }

    private Value Filter(Value[] items, ref Evaluation evaluation)
    {
        List<Value>? kept = null;
        foreach (var item in items)
        {
            evaluation.Spend(_body.Size);
            if (Coercion.IsTruthy(_body.Evaluate(item, ref evaluation)))
            {
                (kept ??= []).Add(item);
            }
        }

        return kept is null ? _empty : Value.From([.. kept]);
    }

    private bool Any(Value[] items, bool wanted, ref Evaluation evaluation)
    {
        foreach (var item in items)
        {
            evaluation.Spend(_body.Size);
            if (Coercion.IsTruthy(_body.Evaluate(item, ref evaluation)) == wanted)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>reduce</c>: its body sees <c>current</c> and <c>accumulator</c> alone. Without a list it gives the initial value.</summary>
internal sealed class ReduceNode(Node[] operands) : Node(operands)
{
    private static readonly string[] _names = ["accumulator", "current"];

    public override Value Evaluate(in Value data, ref Evaluation evaluation)
    {
        var (list, body) = (operands[0].Evaluate(data, ref evaluation), operands[1]);
        var accumulator = operands.Length > 2 ? operands[2].Evaluate(data, ref evaluation) : Value.Null;
        if (!list.IsList)
        {
            return accumulator;
        }

        foreach (var item in list.Items)
        {
            evaluation.Spend(body.Size);
            accumulator = body.Evaluate(Value.From(new MemberMap(_names, [accumulator, item])), ref evaluation);
        }

        return accumulator;
    }
}
