using Nexus.Flags.Values;

namespace Nexus.Flags.Compiling;

/// <summary>
/// Whether an operation comes to the same whatever the context, as json-logic-engine judges it: such an operation is
/// evaluated once, when it is compiled.
/// </summary>
internal static class Determinism
{
    /// <summary>Whether a part does.</summary>
    /// <param name="logic">A part of a targeting.</param>
    /// <param name="inIteration">Whether its data is an item of a list that is itself known.</param>
    public static bool Of(in Value logic, bool inIteration = false)
    {
        if (logic.IsArray)
        {
            foreach (var item in logic.Items)
            {
                if (!Of(item, inIteration))
                {
                    return false;
                }
            }

            return true;
        }

        if (!Logic.IsOperation(logic, out var name, out var operands))
        {
            return true;
        }

        switch (name)
        {
            case "var":
                return inIteration && !Text(operands).Contains("../../", StringComparison.Ordinal);
            case "missing":
                return operands.IsArray && operands.Items.Length == 0;
            case "missing_some" or "starts_with" or "ends_with" or "sem_ver" or Operators.Fractional:
                return false;
            case "map" or "filter" or "some" or "all" or "none" or "reduce":
                return operands.IsNullish
                    ? throw LogicException.InvalidArguments()
                    : Of(Logic.Item(operands, 0), inIteration) && Of(Logic.Item(operands, 1), inIteration: true);
            default:
                return Of(operands, inIteration);
        }
    }

    private static string Text(in Value value)
    {
        var run = Run.Beforehand;
        return Js.ToText(value, ref run);
    }
}
