using Nexus.Flags.Values;

namespace Nexus.Flags.Nodes;

/// <summary>What stands ready in a frame: the data in scope, the place in the list, the last intermediate value.</summary>
internal sealed class RegisterNode : Node
{
    private readonly Register _register;

    private RegisterNode(Register register) => _register = register;

    private enum Register
    {
        Context,
        Index,
        Previous,
        PreviousLength,
    }

    public static RegisterNode Context { get; } = new(Register.Context);

    public static RegisterNode Index { get; } = new(Register.Index);

    public static RegisterNode Previous { get; } = new(Register.Previous);

    public static RegisterNode PreviousLength { get; } = new(Register.PreviousLength);

    public override Value Evaluate(ref Frame frame) => _register switch
    {
        Register.Context => frame.Context,
        Register.Index => Value.Of((double)frame.Index),
        Register.Previous => frame.Previous,
        _ when frame.Previous.IsNullish => throw LogicException.WrongType("a list"),
        _ => Js.Get(frame.Previous, "length", ref frame.Run),
    };
}
