namespace Nexus.Server.FeatureFlags.Evaluation;

/// <summary>How large a definition may be, and how long it may take.</summary>
internal static class FlagLimits
{
    /// <summary>Of a targeting's or an evaluator's JSON text.</summary>
    public const int Bytes = 64 * 1024;

    /// <summary>Operations within operations, references put in.</summary>
    public const int Depth = 50;

    /// <summary>Values in a targeting, references put in: a few references to references would multiply without end.</summary>
    public const int Parts = 20_000;

    /// <summary>How often the bodies of iterations may be visited, node by node, in one evaluation.</summary>
    public const int Steps = 100_000;

    /// <summary>Of one targeting no more faults than these are named.</summary>
    public const int Faults = 20;

    /// <summary>Weights of a fractional add up to this at most: 2^31 - 1.</summary>
    public const int Weight = int.MaxValue;

    /// <summary>Of a flag's key or an evaluator's name.</summary>
    public const int NameLength = 255;

    /// <summary>An explanation ends after these.</summary>
    public const int ExplainedSteps = 200;
}
