namespace Nexus.Flags.Values;

/// <summary>Comparing as JavaScript does, and the checks that json-logic-engine puts before it.</summary>
internal static class Compare
{
    public static bool IsStrict(Comparison comparison) => comparison >= Comparison.StrictlyEqual;

    public static bool Holds(Comparison comparison, in Value left, in Value right, ref Run run) => comparison switch
    {
        Comparison.Equal => LooselyEqual(left, right, ref run),
        Comparison.NotEqual => !LooselyEqual(left, right, ref run),
        Comparison.StrictlyEqual => StrictlyEqual(left, right, ref run),
        Comparison.StrictlyNotEqual => !StrictlyEqual(left, right, ref run),
        _ => Ordered(comparison, left, right, ref run),
    };

    /// <summary>The engine's <c>compareCheck</c>: lets the right side of a comparison through, or fails.</summary>
    public static Value Checked(in Value item, in Value previous, ref Run run)
    {
        if (item.IsStringOrNull && previous.IsStringOrNull)
        {
            return item;
        }

        var isNumber = !double.IsNaN(Js.PrecoercedNumber(item, ref run));
        if ((!isNumber && previous.Kind != ValueKind.Null) || double.IsNaN(Js.PrecoercedNumber(previous, ref run)))
        {
            throw LogicException.NotANumber();
        }

        if (previous.Kind == ValueKind.Null && !Js.ToBoolean(item))
        {
            return Value.Null;
        }

        return item.Kind == ValueKind.Null && !Js.ToBoolean(previous) ? Value.Of(0d) : item;
    }

    /// <summary>The comparison of the engine's interpreter, which makes numbers of both sides.</summary>
    public static bool Interpreted(Comparison comparison, in Value left, in Value right, ref Run run)
    {
        if (IsStrict(comparison) || (left.IsStringOrNull && right.IsStringOrNull))
        {
            return Holds(comparison, left, right, ref run);
        }

        if (double.IsNaN(Js.PrecoercedNumber(left, ref run))
            || (double.IsNaN(Js.PrecoercedNumber(right, ref run)) && left.Kind != ValueKind.Null))
        {
            throw LogicException.NotANumber();
        }

        return Holds(comparison, Value.Of(Js.ToNumber(left, ref run)), Value.Of(Js.ToNumber(right, ref run)), ref run);
    }

    public static bool StrictlyEqual(in Value left, in Value right, ref Run run)
    {
        if (left.Kind != right.Kind)
        {
            return false;
        }

        switch (left.Kind)
        {
            case ValueKind.Number or ValueKind.Boolean:
                return left.Number == right.Number;
            case ValueKind.String:
                if (left.Text.Length != right.Text.Length)
                {
                    return false;
                }

                run.SpendText(left.Text.Length);
                return string.Equals(left.Text, right.Text, StringComparison.Ordinal);
            default:
                return ReferenceEquals(left.Identity, right.Identity);
        }
    }

    /// <summary>What <c>includes</c> finds in an array: strictly equal, and NaN equals itself.</summary>
    public static bool SameValue(in Value left, in Value right, ref Run run) =>
        StrictlyEqual(left, right, ref run)
        || (left.Kind == ValueKind.Number && right.Kind == ValueKind.Number && double.IsNaN(left.Number) && double.IsNaN(right.Number));

    private static bool LooselyEqual(in Value left, in Value right, ref Run run)
    {
        if (left.Kind == right.Kind)
        {
            return StrictlyEqual(left, right, ref run);
        }

        if (left.IsNullish || right.IsNullish)
        {
            return left.IsNullish && right.IsNullish;
        }

        if (left.IsObjectOrArray && right.IsObjectOrArray)
        {
            return false;
        }

        var (first, second) = (Js.ToPrimitive(left, ref run), Js.ToPrimitive(right, ref run));
        return first.IsString && second.IsString
            ? StrictlyEqual(first, second, ref run)
            : Js.ToNumber(first, ref run) == Js.ToNumber(second, ref run);
    }

    private static bool Ordered(Comparison comparison, in Value left, in Value right, ref Run run)
    {
        var (first, second) = (Js.ToPrimitive(left, ref run), Js.ToPrimitive(right, ref run));
        if (first.IsString && second.IsString)
        {
            run.SpendText(Math.Min(first.Text.Length, second.Text.Length));
            var order = string.CompareOrdinal(first.Text, second.Text);
            return comparison switch
            {
                Comparison.Less => order < 0,
                Comparison.LessOrEqual => order <= 0,
                Comparison.Greater => order > 0,
                _ => order >= 0,
            };
        }

        var (a, b) = (Js.ToNumber(first, ref run), Js.ToNumber(second, ref run));
        return comparison switch
        {
            Comparison.Less => a < b,
            Comparison.LessOrEqual => a <= b,
            Comparison.Greater => a > b,
            _ => a >= b,
        };
    }
}
