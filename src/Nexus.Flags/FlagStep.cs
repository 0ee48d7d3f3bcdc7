namespace Nexus.Flags;

/// <summary>One step of an explanation.</summary>
/// <param name="Path">JSON pointer into the definition.</param>
/// <param name="Operator">The operation there.</param>
/// <param name="Inputs">What it was given, as JSON cut short.</param>
/// <param name="Outcome">What it came to, as JSON cut short.</param>
/// <param name="Remark">Why, where an operator has something to say.</param>
internal sealed record FlagStep(string Path, string Operator, IReadOnlyList<string> Inputs, string Outcome, string? Remark);
