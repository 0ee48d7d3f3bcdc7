using Nexus.Flags.Nodes;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>Where operations stand, and whether they note what they come to.</summary>
internal sealed class Tracer(TargetingSource source, bool isOn)
{
    /// <summary>The JSON pointer of an operation; null for one that the engine made up.</summary>
    public string? PathOf(in Value logic) => source.PathOf(logic.Identity!);

    /// <summary>The node, noted where that was asked for.</summary>
    public Node Noted(Node node, in Value logic, string @operator, in Value operands) =>
        isOn && node is not ConstantNode && PathOf(logic) is { } path
            ? new TracedNode(node, @operator, path, operands, source.PathOf)
            : node;
}
