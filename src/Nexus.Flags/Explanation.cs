namespace Nexus.Flags;

/// <summary>The result of a flag with the steps that led to it.</summary>
/// <param name="Result">The same result as without an explanation.</param>
/// <param name="Steps">The operations that were evaluated, inner before outer, up to <see cref="FlagLimits.MaxExplainedSteps"/>.</param>
public sealed record Explanation(EvaluationResult Result, IReadOnlyList<FlagStep> Steps);

/// <summary>One step of an explanation.</summary>
/// <param name="Path">JSON pointer into the definition; within an evaluator that of the reference.</param>
/// <param name="Operator">The operation there.</param>
/// <param name="Inputs">Its operands, as JSON cut short.</param>
/// <param name="Outcome">What it gave, as JSON cut short.</param>
/// <param name="Remark">Why it gave nothing, if the operation can tell.</param>
public sealed record FlagStep(string Path, string Operator, IReadOnlyList<string> Inputs, string Outcome, string? Remark);
