namespace Nexus.Flags;

/// <summary>What a flag is for a context, and how that came about.</summary>
/// <param name="Result">The result, the same as without explaining.</param>
/// <param name="Steps">The operations that were evaluated, inner before outer. Their number is limited.</param>
internal sealed record Explanation(EvaluationResult Result, IReadOnlyList<FlagStep> Steps);
