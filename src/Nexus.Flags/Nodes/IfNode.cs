using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>if</c>: conditions with what follows, and last what is left.</summary>
internal sealed class IfNode(Node[] branches) : Node
{
    public override int Size { get; } = 1 + SizeOf(branches);

    public override Value Evaluate(ref Frame frame)
    {
        var index = 0;
        for (; index + 1 < branches.Length; index += 2)
        {
            if (Js.Truthy(branches[index].Evaluate(ref frame)))
            {
                return branches[index + 1].Evaluate(ref frame);
            }
        }

        return branches[index].Evaluate(ref frame);
    }
}
