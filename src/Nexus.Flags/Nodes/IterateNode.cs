using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>map</c>, <c>filter</c>, and what comes of <c>some</c>, <c>none</c> and <c>all</c> when compiled: a list's own methods.</summary>
/// <param name="kind">What it makes.</param>
/// <param name="list">What it goes over.</param>
/// <param name="body">What is evaluated with each item as its data.</param>
/// <param name="climbs">Whether the body may look at what is above.</param>
internal sealed class IterateNode(Iteration kind, Node list, Node body, bool climbs) : Node
{
    public override int Size { get; } = 1 + list.Size + body.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var source = list.Evaluate(ref frame);
        if (!source.IsArray)
        {
            throw LogicException.WrongType("a list");
        }

        var items = source.Items;
        var made = kind == Iteration.Map ? new Value[items.Length] : null;
        List<Value>? kept = null;
        for (var index = 0; index < items.Length; index++)
        {
            frame.Run.Spend(body.Size);
            var above = climbs ? Above.OfPosition(source, index, frame.Context, frame.Above) : null;
            var inner = new Frame(ref frame.Run, items[index], above) { Index = index };
            var outcome = body.Evaluate(ref inner);
            switch (kind)
            {
                case Iteration.Map:
                    made![index] = outcome;
                    break;
                case Iteration.Filter when Js.Truthy(outcome):
                    (kept ??= []).Add(items[index]);
                    break;
                case Iteration.Some or Iteration.None when Js.Truthy(outcome):
                    return Value.Of(kind == Iteration.Some);
                case Iteration.Every when !Js.Truthy(outcome):
                    return Value.False;
            }
        }

        return kind switch
        {
            Iteration.Map => Value.Of(made!),
            Iteration.Filter => Value.OfList(kept ?? []),
            _ => Value.Of(kind != Iteration.Some),
        };
    }
}
