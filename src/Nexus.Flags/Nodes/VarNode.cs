using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>var</c> with a path, and what it is where nothing or null is found there.</summary>
internal sealed class VarNode(PathNode path, Node fallback) : Node
{
    public override int Size { get; } = 1 + fallback.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var value = path.Evaluate(ref frame);
        return frame.Previous = value.IsNullish ? fallback.Evaluate(ref frame) : value;
    }
}
