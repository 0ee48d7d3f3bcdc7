using Nexus.Flags.Targeting.Nodes;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting;

/// <summary>Records the steps of one evaluation.</summary>
internal sealed class Trace
{
    private readonly List<FlagStep> _steps = [];
    private readonly Dictionary<Node, string> _outcomes = [];
    private string? _remark;

    public IReadOnlyList<FlagStep> Steps => _steps;

    /// <summary>Says why the operation that is being evaluated gives nothing.</summary>
    public void Remark(string remark) => _remark = remark;

    /// <summary>Records an operation. The number of recorded steps is limited; the latest outcome of each node is not.</summary>
    public void Add(TracedNode node, in Value outcome)
    {
        var text = ValueText.Format(outcome);
        _outcomes[node] = text;
        if (_steps.Count < FlagLimits.MaxExplainedSteps)
        {
            _steps.Add(new FlagStep(node.Path, node.Operator, [.. node.Operands.Select(Describe)], text, _remark));
        }

        _remark = null;
    }

    /// <summary>Records something outside the targeting.</summary>
    public void Add(string path, string @operator, string outcome) => _steps.Add(new FlagStep(path, @operator, [], outcome, null));

    // An operand that is an operation shows its latest outcome, or its own text if it was not evaluated.
    private string Describe(Node operand) => operand switch
    {
        ConstantNode constant => ValueText.Format(constant.Value),
        TracedNode traced => _outcomes.GetValueOrDefault(traced, traced.Text),
        ListNode list => ValueText.Shorten($"[{string.Join(',', list.Items.Select(Describe))}]"),
        _ => "",
    };
}
