using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>in</c>: whether a list has an item, or a text another.</summary>
internal sealed class IncludesNode(Node list, Node item) : Node
{
    public override int Size { get; } = 1 + list.Size + item.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var where = list.Evaluate(ref frame);
        return Includes(where, item.Evaluate(ref frame), ref frame.Run);
    }

    public static Value Includes(in Value where, in Value what, ref Run run)
    {
        if (where.IsString)
        {
            var part = Js.ToText(what, ref run);
            run.SpendText(where.Text.Length + part.Length);
            return Value.Of(where.Text.Contains(part, StringComparison.Ordinal));
        }

        if (!where.IsArray)
        {
            throw LogicException.WrongType("a list or a text to look into");
        }

        foreach (var candidate in where.Items)
        {
            if (Compare.SameValue(candidate, what, ref run))
            {
                return Value.True;
            }
        }

        run.SpendText(where.Items.Length);
        return Value.False;
    }
}
