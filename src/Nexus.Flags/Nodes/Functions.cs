using System.Text;
using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>JsonLogic's operations over values, as json-logic-engine calls them.</summary>
internal static class Functions
{
    public static Value Max(ref Frame frame, scoped Arguments arguments) => Extreme(arguments, 1);

    public static Value Min(ref Frame frame, scoped Arguments arguments) => Extreme(arguments, -1);

    /// <summary>Lists are laid one behind the other, what is none is an item.</summary>
    public static Value Merge(ref Frame frame, scoped Arguments arguments)
    {
        var merged = new List<Value>();
        foreach (var argument in arguments.Items)
        {
            if (argument.IsArray)
            {
                frame.Run.Spend(argument.Items.Length);
                merged.AddRange(argument.Items);
            }
            else
            {
                merged.Add(argument);
            }
        }

        return Value.OfList(merged);
    }

    /// <summary>JavaScript's <c>substr</c>; a negative length counts from the end.</summary>
    public static Value Substr(ref Frame frame, scoped Arguments arguments)
    {
        if (!arguments[0].IsString)
        {
            throw LogicException.WrongType("a text");
        }

        var (text, from, length) = (arguments[0].Text, arguments[1], arguments[2]);
        frame.Run.SpendText(text.Length);
        if (!Compare.Holds(Comparison.Less, length, Value.Of(0d), ref frame.Run))
        {
            return Value.Of(Cut(text, from, length, ref frame.Run));
        }

        var rest = Cut(text, from, Value.Undefined, ref frame.Run);
        var kept = Js.Add(Value.Of((double)rest.Length), length, ref frame.Run);
        return Value.Of(Cut(rest, Value.Of(0d), kept, ref frame.Run));
    }

    public static Value In(ref Frame frame, scoped Arguments arguments)
    {
        var where = arguments[1];
        return Js.ToBoolean(where) ? IncludesNode.Includes(where, arguments[0], ref frame.Run) : Value.False;
    }

    /// <summary><c>cat</c> as it is interpreted: null and undefined are left out.</summary>
    public static Value Cat(ref Frame frame, scoped Arguments arguments)
    {
        if (!arguments.IsList)
        {
            var only = arguments[0];
            return only.IsNullish ? throw LogicException.WrongType("something to write") : Value.Of(Js.ToText(only, ref frame.Run));
        }

        var text = new StringBuilder();
        foreach (var argument in arguments.Items)
        {
            if (!argument.IsNullish)
            {
                text.Append(Js.ToText(argument, ref frame.Run));
                frame.Run.SpendText(text.Length);
            }
        }

        return Value.Of(text.ToString());
    }

    public static Value Not(ref Frame frame, scoped Arguments arguments) => Value.Of(!Js.Truthy(arguments[0]));

    public static Value Truthy(ref Frame frame, scoped Arguments arguments) => Value.Of(Js.Truthy(arguments[0]));

    /// <summary>The paths of a list that lead nowhere.</summary>
    public static Value Missing(ref Frame frame, scoped Arguments arguments)
    {
        var missing = new List<Value>();
        foreach (var argument in arguments.Items)
        {
            var path = Js.ToText(argument, ref frame.Run);
            frame.Run.SpendText(path.Length);
            var data = frame.Context;
            foreach (var name in DataPath.Split(path))
            {
                data = Js.ToBoolean(data) ? Js.Get(data, name, ref frame.Run) : Value.Undefined;
                if (data.Kind == ValueKind.Undefined)
                {
                    missing.Add(argument);
                    break;
                }
            }
        }

        return Value.OfList(missing);
    }

    /// <summary>Those that are missing of a list, or nothing where enough are there.</summary>
    public static Value MissingSome(ref Frame frame, scoped Arguments arguments)
    {
        var (needed, options) = (arguments[0], arguments[1]);
        Value[] paths = options.Kind switch
        {
            ValueKind.Array => options.Items,
            ValueKind.String => [.. options.Text.Select(character => Value.Of(character.ToString()))],
            _ when options.IsNullish => throw LogicException.WrongType("a list of paths"),
            _ => [],
        };
        var missing = Missing(ref frame, new Arguments(isList: true, paths));
        var there = options.IsArray || options.IsString ? paths.Length - missing.Items.Length : double.NaN;
        return Compare.Holds(Comparison.GreaterOrEqual, Value.Of(there), needed, ref frame.Run) ? Value.OfList([]) : missing;
    }

    private static Value Extreme(scoped Arguments arguments, int sign)
    {
        var extreme = arguments[0];
        foreach (var argument in arguments.Items)
        {
            if (argument.Kind != ValueKind.Number)
            {
                throw LogicException.InvalidArguments();
            }

            extreme = argument.Number * sign > extreme.Number * sign ? argument : extreme;
        }

        return arguments.Count == 0 ? throw LogicException.InvalidArguments() : extreme;
    }

    private static string Cut(string text, in Value from, in Value length, ref Run run)
    {
        var start = Js.ToInteger(from, ref run);
        start = start < 0 ? Math.Max(0, text.Length + start) : Math.Min(start, text.Length);
        var taken = length.Kind == ValueKind.Undefined ? text.Length : Math.Max(0, Js.ToInteger(length, ref run));
        return text.Substring((int)start, (int)Math.Min(taken, text.Length - start));
    }
}
