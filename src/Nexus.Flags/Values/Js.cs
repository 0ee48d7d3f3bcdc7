using System.Globalization;
using System.Text;
using Nexus.Merkle;

namespace Nexus.Flags.Values;

/// <summary>JavaScript's conversions (ECMA-262, chapter 7), and json-logic-engine's own notion of truth.</summary>
internal static class Js
{
    /// <summary>As JavaScript, but empty arrays and objects are false too.</summary>
    public static bool Truthy(in Value value) => value.Kind switch
    {
        ValueKind.Array => value.Items.Length > 0,
        ValueKind.Object => !value.Members.IsEmpty,
        _ => ToBoolean(value),
    };

    public static bool ToBoolean(in Value value) => value.Kind switch
    {
        ValueKind.Boolean => value.Number != 0,
        ValueKind.Number => value.Number != 0 && !double.IsNaN(value.Number),
        ValueKind.String => value.Text.Length > 0,
        ValueKind.Array or ValueKind.Object => true,
        _ => false,
    };

    public static double ToNumber(in Value value, ref Run run)
    {
        switch (value.Kind)
        {
            case ValueKind.Boolean or ValueKind.Number:
                return value.Number;
            case ValueKind.Null:
                return 0;
            case ValueKind.Undefined:
                return double.NaN;
            default:
                var text = ToText(value, ref run);
                run.SpendText(text.Length);
                return JsNumber.Parse(text);
        }
    }

    /// <summary>A whole number, infinite at most; what is no number counts as 0.</summary>
    public static double ToInteger(in Value value, ref Run run)
    {
        var number = ToNumber(value, ref run);
        return double.IsNaN(number) ? 0 : Math.Truncate(number);
    }

    public static string ToText(in Value value, ref Run run) => value.Kind switch
    {
        ValueKind.String => value.Text,
        ValueKind.Null => "null",
        ValueKind.Undefined => "undefined",
        ValueKind.Boolean => value.Number != 0 ? "true" : "false",
        ValueKind.Number => ToText(value.Number),
        ValueKind.Object => "[object Object]",
        _ => Joined(value.Items, ref run),
    };

    public static string ToText(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
        }

        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        return Encoding.ASCII.GetString(text[..CanonicalNumber.Format(number, text)]);
    }

    /// <summary>What stands for an object where a primitive is needed: its text.</summary>
    public static Value ToPrimitive(in Value value, ref Run run) => value.IsObjectOrArray ? Value.Of(ToText(value, ref run)) : value;

    /// <summary>JavaScript's <c>+</c>: joins texts, adds anything else.</summary>
    public static Value Add(in Value left, in Value right, ref Run run)
    {
        var (first, second) = (ToPrimitive(left, ref run), ToPrimitive(right, ref run));
        if (!first.IsString && !second.IsString)
        {
            return Value.Of(ToNumber(first, ref run) + ToNumber(second, ref run));
        }

        var (head, tail) = (ToText(first, ref run), ToText(second, ref run));
        run.SpendText(head.Length + tail.Length);
        return Value.Of(string.Concat(head, tail));
    }

    /// <summary>What a value has under a name: arrays and strings have their length and their items.</summary>
    public static Value Get(in Value value, string name, ref Run run)
    {
        switch (value.Kind)
        {
            case ValueKind.Object:
                return value.Members.Get(name, ref run);
            case ValueKind.Array:
                var items = value.Items;
                return IsIndex(name, out var at) ? (at < items.Length ? items[at] : Value.Undefined)
                    : name == "length" ? Value.Of((double)items.Length) : Value.Undefined;
            case ValueKind.String:
                var text = value.Text;
                return IsIndex(name, out at) ? (at < text.Length ? Value.Of(text[at].ToString()) : Value.Undefined)
                    : name == "length" ? Value.Of((double)text.Length) : Value.Undefined;
            default:
                return Value.Undefined;
        }
    }

    /// <summary>json-logic-engine's gate before arithmetic: arrays, objects and NaN have no number.</summary>
    public static Value Precoerced(in Value value) =>
        value.IsObjectOrArray || (value.Kind == ValueKind.Number && double.IsNaN(value.Number)) ? throw LogicException.NotANumber() : value;

    /// <summary>A number behind that gate; NaN for text that is none.</summary>
    public static double PrecoercedNumber(in Value value, ref Run run) =>
        value.Kind == ValueKind.Number && !double.IsNaN(value.Number) ? value.Number : ToNumber(Precoerced(value), ref run);

    public static double Numeric(double number) => double.IsNaN(number) ? throw LogicException.NotANumber() : number;

    private static bool IsIndex(string name, out int index)
    {
        index = 0;
        return name.Length > 0 && char.IsAsciiDigit(name[0]) && (name[0] != '0' || name.Length == 1)
            && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private static string Joined(Value[] items, ref Run run)
    {
        if (items.Length == 0)
        {
            return "";
        }

        run.Spend(items.Length);
        var text = new StringBuilder();
        for (var index = 0; index < items.Length; index++)
        {
            if (index > 0)
            {
                text.Append(',');
            }

            if (!items[index].IsNullish)
            {
                var item = ToText(items[index], ref run);
                run.SpendText(item.Length);
                text.Append(item);
            }
        }

        return text.ToString();
    }
}
