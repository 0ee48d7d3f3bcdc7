using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>Arithmetic over operands that stand in the targeting. What is not a number in the end fails.</summary>
internal sealed class ArithmeticNode(Arithmetic operation, Node[] operands) : Node
{
    public override int Size { get; } = 1 + SizeOf(operands);

    public override Value Evaluate(ref Frame frame)
    {
        var result = Operand(0, ref frame);
        if (operands.Length == 1)
        {
            Js.Numeric(result);
            return Value.Of(operation switch
            {
                Arithmetic.Subtract => -result,
                Arithmetic.Divide => Js.Numeric(1 / Divisor(result)),
                _ => result,
            });
        }

        for (var index = 1; index < operands.Length; index++)
        {
            var operand = Operand(index, ref frame);
            result = operation switch
            {
                Arithmetic.Add => result + operand,
                Arithmetic.Subtract => result - operand,
                Arithmetic.Multiply => result * operand,
                Arithmetic.Divide => result / Divisor(operand),
                _ => result % operand,
            };
        }

        return Value.Of(Js.Numeric(result));
    }

    private static double Divisor(double value) => value == 0 ? throw LogicException.NotANumber() : Js.Numeric(value);

    private double Operand(int index, ref Frame frame) => Js.PrecoercedNumber(operands[index].Evaluate(ref frame), ref frame.Run);
}
