using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>
/// <c>some</c>, <c>none</c> and <c>all</c> as json-logic-engine interprets them: anything with a length is gone over, a text
/// by its characters.
/// </summary>
internal sealed class ScanNode(Iteration kind, Node list, Node body) : Node
{
    public override int Size { get; } = 1 + list.Size + body.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var source = list.Evaluate(ref frame);
        if (!Js.ToBoolean(source) || (source.IsArray && source.Items.Length == 0))
        {
            return Value.Of(kind == Iteration.None);
        }

        var length = Js.ToNumber(Js.Get(source, "length", ref frame.Run), ref frame.Run);
        for (var index = 0; index < length; index++)
        {
            frame.Run.Spend(body.Size);
            var item = source.IsArray ? source.Items[index] : Js.Get(source, Js.ToText(index), ref frame.Run);
            var inner = new Frame(ref frame.Run, item, Above.Of(source, frame.Context, frame.Above)) { Index = index };
            if (Js.Truthy(body.Evaluate(ref inner)) != (kind == Iteration.Every))
            {
                return Value.Of(kind == Iteration.Some);
            }
        }

        return Value.Of(kind != Iteration.Some);
    }
}
