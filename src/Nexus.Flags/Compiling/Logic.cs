using System.Diagnostics.CodeAnalysis;
using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>Looks at a targeting as data.</summary>
internal static class Logic
{
    /// <summary>Whether this is an operation: an object of one member.</summary>
    public static bool IsOperation(in Value logic, [NotNullWhen(true)] out string? name, out Value operands)
    {
        if (logic.Kind == ValueKind.Object && !logic.Members.IsEmpty)
        {
            (name, operands) = (logic.Members.Names[0], logic.Members.Values[0]);
            return true;
        }

        (name, operands) = (null, default);
        return false;
    }

    /// <summary>The item of a list, undefined where there is none.</summary>
    public static Value Item(in Value logic, int place) =>
        logic.IsArray && place < logic.Items.Length ? logic.Items[place] : Value.Undefined;

    /// <summary>What stands under a name, undefined where nothing does.</summary>
    public static Value Member(in Value logic, string name)
    {
        var run = Run.Beforehand;
        return logic.Kind == ValueKind.Object ? logic.Members.Get(name, ref run) : Value.Undefined;
    }
}
