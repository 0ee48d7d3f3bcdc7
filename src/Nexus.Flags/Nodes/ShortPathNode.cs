using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>var</c> with a path of one to three names as it is interpreted: it ends at the first value that is false.</summary>
internal sealed class ShortPathNode(string[] path) : Node
{
    public override Value Evaluate(ref Frame frame)
    {
        var value = frame.Context;
        if (path.Length == 1 && !Js.ToBoolean(value))
        {
            return Value.Null;
        }

        foreach (var name in path)
        {
            if (!Js.ToBoolean(value))
            {
                break;
            }

            value = Js.Get(value, name, ref frame.Run);
        }

        return value.Kind == ValueKind.Undefined ? Value.Null : value;
    }
}
