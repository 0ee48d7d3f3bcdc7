using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>var</c> whose path is computed, or climbs with <c>../</c>.</summary>
internal sealed class FindNode(Node key) : Node
{
    public override int Size { get; } = 1 + key.Size;

    public override Value Evaluate(ref Frame frame) => DataPath.Find(ref frame, key.Evaluate(ref frame));
}
