using System.Text;

namespace Nexus.Flags.Targeting.Values;

/// <summary>
/// JsonLogic's type coercion. It follows JavaScript for null, booleans, numbers and text. Lists and objects are never converted:
/// they have no number and equal nothing.
/// </summary>
internal static class Coercion
{
    /// <summary>JsonLogic's own table (jsonlogic.com/truthy): an empty list is false, the text "0" is true.</summary>
    public static bool IsTruthy(in Value value) => value.Kind switch
    {
        ValueKind.Null => false,
        ValueKind.Boolean or ValueKind.Number => value.Number != 0 && !double.IsNaN(value.Number),
        ValueKind.Text => value.Text.Length > 0,
        ValueKind.List => value.Items.Length > 0,
        _ => true,
    };

    /// <summary>NaN for what has no number.</summary>
    public static double ToNumber(in Value value, ref Evaluation evaluation)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                return 0;
            case ValueKind.Boolean or ValueKind.Number:
                return value.Number;
            case ValueKind.Text:
                evaluation.SpendText(value.Text.Length);
                return NumberText.Parse(value.Text);
            default:
                return double.NaN;
        }
    }

    /// <summary>
    /// Text for <c>cat</c>, <c>substr</c> and the like: nothing for null and objects, the items of a list with commas between.
    /// Lists within lists are left out, so that values nested by iterations cost no stack.
    /// </summary>
    public static string ToText(in Value value, ref Evaluation evaluation)
    {
        if (!value.IsList)
        {
            return ScalarToText(value);
        }

        var items = value.Items;
        evaluation.Spend(items.Length);
        var text = new StringBuilder();
        for (var index = 0; index < items.Length; index++)
        {
            var part = ScalarToText(items[index]);
            evaluation.SpendText(part.Length);
            text.Append(index > 0 ? "," : "").Append(part);
        }

        return text.ToString();
    }

    public static bool AreStrictlyEqual(in Value left, in Value right, ref Evaluation evaluation)
    {
        if (left.Kind != right.Kind)
        {
            return false;
        }

        switch (left.Kind)
        {
            case ValueKind.Null:
                return true;
            case ValueKind.Boolean or ValueKind.Number:
                return left.Number == right.Number;
            case ValueKind.Text when left.Text.Length == right.Text.Length:
                evaluation.SpendText(left.Text.Length);
                return string.Equals(left.Text, right.Text, StringComparison.Ordinal);
            default:
                return false;
        }
    }

    /// <summary>Null equals null alone; booleans, numbers and texts of different kinds are compared as numbers.</summary>
    public static bool AreLooselyEqual(in Value left, in Value right, ref Evaluation evaluation) =>
        left.Kind == right.Kind || left.IsNull || right.IsNull
            ? AreStrictlyEqual(left, right, ref evaluation)
            : ToNumber(left, ref evaluation) == ToNumber(right, ref evaluation);

    private static string ScalarToText(in Value value) => value.Kind switch
    {
        ValueKind.Text => value.Text,
        ValueKind.Number => NumberText.Format(value.Number),
        ValueKind.Boolean => value.Number != 0 ? "true" : "false",
        _ => "",
    };
}
