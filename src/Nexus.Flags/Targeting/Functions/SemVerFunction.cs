using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting.Functions;

/// <summary>flagd's <c>sem_ver</c>: a version, a comparison and a version. Anything wrong with them gives null.</summary>
internal static class SemVerFunction
{
    public static Value Compare(scoped ReadOnlySpan<Value> operands, in Value data, ref Evaluation evaluation)
    {
        if (operands is not [_, { IsText: true } comparison, _])
        {
            evaluation.Trace?.Remark("needs a version, a comparison and a version");
            return Value.Null;
        }

        if (!TryParse(operands[0], ref evaluation, out var left) || !TryParse(operands[2], ref evaluation, out var right))
        {
            evaluation.Trace?.Remark("one of the two is not a semantic version");
            return Value.Null;
        }

        var order = SemanticVersion.Compare(left, right);
        bool? holds = comparison.Text switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            "^" => left.Major == right.Major,
            "~" => left.Major == right.Major && left.Minor == right.Minor,
            _ => null,
        };
        if (holds is null)
        {
            evaluation.Trace?.Remark("the comparison is one of = != < <= > >= ^ ~");
            return Value.Null;
        }

        return Value.From(holds.Value);
    }

    private static bool TryParse(in Value value, ref Evaluation evaluation, out SemanticVersion version)
    {
        var text = value.Kind is ValueKind.Text or ValueKind.Number ? Coercion.ToText(value, ref evaluation) : "";
        evaluation.SpendText(text.Length);
        return SemanticVersion.TryParse(text, out version);
    }
}
