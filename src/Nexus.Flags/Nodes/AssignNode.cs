using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>Keeps a value as the frame's last intermediate one, and answers something about it.</summary>
internal sealed class AssignNode(Node value, AssignNode.Answer answer) : Node
{
    public enum Answer
    {
        Itself,

        /// <summary>Whether it counts as true: of a list or object a boolean, of anything else itself, as the engine has it.</summary>
        Truth,
        IsFalse,
        IsArray,
        Length,

        /// <summary>Itself if it is a list of at least one item; else it fails.</summary>
        AtLeastOne,
    }

    public override int Size { get; } = 1 + value.Size;

    public override Value Evaluate(ref Frame frame)
    {
        var kept = value.Evaluate(ref frame);
        frame.Previous = kept;
        return answer switch
        {
            Answer.Truth when kept.IsObjectOrArray => Value.Of(Js.Truthy(kept)),
            Answer.IsFalse => Value.Of(!Js.Truthy(kept)),
            Answer.IsArray => Value.Of(kept.IsArray),
            Answer.Length => kept.IsNullish ? throw LogicException.WrongType("a list") : Js.Get(kept, "length", ref frame.Run),
            Answer.AtLeastOne when !kept.IsArray || kept.Items.Length == 0 => throw LogicException.InvalidArguments(),
            _ => kept,
        };
    }
}
