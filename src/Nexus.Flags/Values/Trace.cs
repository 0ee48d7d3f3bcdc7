namespace Nexus.Flags.Values;

/// <summary>The steps of one evaluation, noted as they happen.</summary>
internal sealed class Trace
{
    private readonly List<FlagStep> _steps = [];
    private readonly Dictionary<string, string> _outcomes = new(StringComparer.Ordinal);
    private string? _remark;

    public IReadOnlyList<FlagStep> Steps => _steps;

    /// <summary>Something the operation at hand has to say about its outcome.</summary>
    public void Remark(string remark) => _remark = remark;

    /// <summary>An operation was evaluated. Operands that are operations show what they last came to.</summary>
    public void Note(string @operator, string path, in Value operands, Func<object, string?> pathOf, in Value outcome)
    {
        var text = ValueText.Of(outcome);
        _outcomes[path] = text;
        if (_steps.Count < FlagLimits.ExplainedSteps)
        {
            _steps.Add(new FlagStep(path, @operator, Inputs(operands, pathOf), text, _remark));
        }

        _remark = null;
    }

    /// <summary>Something happened outside the targeting.</summary>
    public void Note(string path, string @operator, string outcome) => _steps.Add(new FlagStep(path, @operator, [], outcome, null));

    private List<string> Inputs(in Value operands, Func<object, string?> pathOf)
    {
        ReadOnlySpan<Value> each = operands.IsArray ? operands.Items : new ReadOnlySpan<Value>(in operands);
        var inputs = new List<string>(each.Length);
        foreach (var operand in each)
        {
            var path = operand.IsObjectOrArray ? pathOf(operand.Identity!) : null;
            inputs.Add(path is not null && _outcomes.TryGetValue(path, out var outcome) ? outcome : ValueText.Of(operand));
        }

        return inputs;
    }
}
