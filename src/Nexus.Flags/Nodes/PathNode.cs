using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>var</c> with a path that is known beforehand: the common case.</summary>
internal sealed class PathNode(string[] path) : Node
{
    /// <summary>What the path leads to, undefined where it leads nowhere.</summary>
    public override Value Evaluate(ref Frame frame)
    {
        var value = frame.Context;
        foreach (var name in path)
        {
            if (value.IsNullish)
            {
                return Value.Undefined;
            }

            value = Js.Get(value, name, ref frame.Run);
        }

        return value;
    }
}
