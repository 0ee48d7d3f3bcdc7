using System.Text;
using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary><c>cat</c> as it is compiled: null and undefined are written out.</summary>
internal sealed class JoinNode(Node[] items) : Node
{
    public override int Size { get; } = 1 + SizeOf(items);

    public override Value Evaluate(ref Frame frame)
    {
        var text = new StringBuilder();
        foreach (var item in items)
        {
            var part = Js.ToText(item.Evaluate(ref frame), ref frame.Run);
            text.Append(part);
            frame.Run.SpendText(text.Length);
        }

        return Value.Of(text.ToString());
    }
}
