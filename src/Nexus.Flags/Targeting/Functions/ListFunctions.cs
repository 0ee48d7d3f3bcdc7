using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>JsonLogic's <c>in</c>, <c>merge</c>, <c>missing</c> and <c>missing_some</c>.</summary>
internal static class ListFunctions
{
    private static readonly Value _empty = Value.From([]);

    /// <summary>Whether a list has an item, or a text contains another.</summary>
    public static Value In(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        if (operands.Length < 2)
        {
            return Value.From(false);
        }

        if (operands[1].IsText)
        {
            evaluation.SpendText(operands[1].Text.Length);
            return Value.From(!operands[0].IsNull && Contains(operands[1].Text, Coercion.ToText(operands[0], ref evaluation)));
        }

        var items = operands[1].IsList ? operands[1].Items : [];
        evaluation.Spend(items.Length / 8);
        foreach (var item in items)
        {
            if (Coercion.AreStrictlyEqual(operands[0], item, ref evaluation))
            {
                return Value.From(true);
            }
        }

        return Value.From(false);
    }

    /// <summary>One list of the items of all lists; what is no list is an item itself.</summary>
    public static Value Merge(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        var merged = new List<Value>();
        foreach (var operand in operands)
        {
            if (operand.IsList)
            {
                evaluation.Spend(operand.Items.Length);
                merged.AddRange(operand.Items);
            }
            else
            {
                merged.Add(operand);
            }
        }

        return Value.From([.. merged]);
    }

    /// <summary>Those of the paths that lead to nothing, null or an empty text. The paths may come as a list.</summary>
    public static Value Missing(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        if (operands is [{ IsList: true } list, ..])
        {
            operands = list.Items;
            evaluation.Spend(operands.Length);
        }

        List<Value>? missing = null;
        foreach (var path in operands)
        {
            var value = VarNode.Find(data, path, ref evaluation);
            if (value.IsNull || value is { IsText: true, Text.Length: 0 })
            {
                (missing ??= []).Add(path);
            }
        }

        return missing is null ? _empty : Value.From([.. missing]);
    }

    /// <summary>An empty list if at least so many of the paths lead to something, else those that do not.</summary>
    public static Value MissingSome(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        if (operands is not [var needed, { IsList: true } paths, ..])
        {
            return _empty;
        }

        var missing = Missing([paths], data, ref evaluation);
        return paths.Items.Length - missing.Items.Length >= Coercion.ToNumber(needed, ref evaluation) ? _empty : missing;
    }

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.Ordinal);
}
