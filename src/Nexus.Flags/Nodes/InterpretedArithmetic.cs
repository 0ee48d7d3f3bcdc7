using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>Arithmetic as json-logic-engine interprets it. It differs from what is compiled where operands are odd.</summary>
internal static class InterpretedArithmetic
{
    public static Value Add(ref Frame frame, scoped Arguments arguments)
    {
        if (!arguments.IsList)
        {
            return Alone(arguments[0], 1, ref frame.Run);
        }

        double sum = 0;
        foreach (var item in arguments.Items)
        {
            sum += Number(item, ref frame.Run);
        }

        return Value.Of(Js.Numeric(sum));
    }

    public static Value Subtract(ref Frame frame, scoped Arguments arguments)
    {
        if (!arguments.IsList)
        {
            return Alone(arguments[0], -1, ref frame.Run);
        }

        if (arguments.Count == 0)
        {
            throw LogicException.InvalidArguments();
        }

        var result = Number(arguments[0], ref frame.Run);
        if (arguments.Count == 1)
        {
            return Value.Of(-result);
        }

        foreach (var item in arguments.Items[1..])
        {
            result -= Number(item, ref frame.Run);
        }

        return Value.Of(Js.Numeric(result));
    }

    public static Value Multiply(ref Frame frame, scoped Arguments arguments)
    {
        double product = 1;
        foreach (var item in arguments.Items)
        {
            product *= Number(item, ref frame.Run);
        }

        return Value.Of(Js.Numeric(product));
    }

    public static Value Divide(ref Frame frame, scoped Arguments arguments)
    {
        if (arguments.Count == 0)
        {
            throw LogicException.InvalidArguments();
        }

        var result = Number(arguments[0], ref frame.Run);
        if (arguments.Count == 1)
        {
            return Value.Of(1 / (result == 0 ? throw LogicException.NotANumber() : Js.Numeric(result)));
        }

        foreach (var item in arguments.Items[1..])
        {
            result /= Js.ToBoolean(item) ? Number(item, ref frame.Run) : throw LogicException.NotANumber();
        }

        return Value.Of(double.IsPositiveInfinity(result) ? throw LogicException.NotANumber() : Js.Numeric(result));
    }

    public static Value Remainder(ref Frame frame, scoped Arguments arguments)
    {
        if (arguments.Count < 2)
        {
            throw LogicException.InvalidArguments();
        }

        var result = Number(arguments[0], ref frame.Run);
        foreach (var item in arguments.Items[1..])
        {
            result %= Number(item, ref frame.Run);
        }

        return Value.Of(Js.Numeric(result));
    }

    private static double Number(in Value value, ref Run run) =>
        value.IsObjectOrArray ? throw LogicException.NotANumber() : Js.ToNumber(value, ref run);

    private static Value Alone(in Value value, int sign, ref Run run) =>
        Js.ToBoolean(value) ? Value.Of(sign * Js.Numeric(Number(value, ref run))) : Value.Of(0d);
}
