using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>
/// Arithmetic over a list that is computed, <c>{"+": {"var": "prices"}}</c>. Only what is computed further is checked, so the
/// last outcome may be NaN.
/// </summary>
/// <param name="operation">What is done.</param>
/// <param name="list">With which.</param>
/// <param name="keepsOne">Whether of a single item nothing is made.</param>
internal sealed class FoldNode(Arithmetic operation, Node list, bool keepsOne = false) : Node
{
    public override int Size { get; } = 1 + list.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var value = list.Evaluate(ref frame);
        if (operation is not (Arithmetic.Multiply or Arithmetic.Remainder))
        {
            frame.Previous = value;
        }

        if (!value.IsArray)
        {
            return operation switch
            {
                Arithmetic.Add => Value.Of(Js.Numeric(Js.ToNumber(value, ref frame.Run))),
                Arithmetic.Subtract => Value.Of(-Js.Numeric(Js.ToNumber(value, ref frame.Run))),
                _ => throw LogicException.WrongType("a list"),
            };
        }

        return Fold(value.Items, ref frame.Run);
    }

    private Value Fold(Value[] items, ref Run run)
    {
        run.Spend(items.Length);
        if (items.Length < Least)
        {
            throw LogicException.InvalidArguments();
        }

        if (items.Length == 1 && keepsOne)
        {
            return items[0];
        }

        if (items.Length == 1 && operation is Arithmetic.Subtract or Arithmetic.Divide)
        {
            var only = items[0];
            return Value.Of(operation == Arithmetic.Subtract ? -Number(only, ref run) : 1 / Divisor(only, ref run));
        }

        var (result, next) = operation switch
        {
            Arithmetic.Add => (0d, 0),
            Arithmetic.Multiply => (1d, 0),
            _ => (Number(items[0], ref run), 1),
        };
        var first = next;
        for (; next < items.Length; next++)
        {
            if (next > first && operation != Arithmetic.Add)
            {
                Js.Numeric(result);
            }

            var item = operation == Arithmetic.Divide ? Divisor(items[next], ref run) : Number(items[next], ref run);
            result = operation switch
            {
                Arithmetic.Add => result + item,
                Arithmetic.Multiply => result * item,
                Arithmetic.Subtract => result - item,
                Arithmetic.Divide => result / item,
                _ => result % item,
            };
        }

        return Value.Of(result);
    }

    private int Least => operation switch
    {
        Arithmetic.Subtract or Arithmetic.Divide => 1,
        Arithmetic.Remainder => 2,
        _ => 0,
    };

    private static double Number(in Value value, ref Run run) => Js.PrecoercedNumber(value, ref run);

    private static double Divisor(in Value value, ref Run run) =>
        Js.ToBoolean(value) ? Number(value, ref run) : throw LogicException.NotANumber();
}
