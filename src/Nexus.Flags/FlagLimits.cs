namespace Nexus.Flags;

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

    /// <summary>
    /// What the flags of a layer may come to together, references put in, and <see cref="FlagParts"/> each: few flags that refer to large evaluators would
    /// fill the memory of the service, and take its time, when they are compiled.
    /// </summary>
    public const int LayerParts = 500_000;

    /// <summary>What a flag counts in <see cref="LayerParts"/> besides its targeting.</summary>
    public const int FlagParts = 10;

    /// <summary>Steps of evaluating beforehand that count as one part.</summary>
    public const int StepsAPart = 10;

    /// <summary>Of the definitions of a layer together, in characters.</summary>
    public const int LayerLength = 32 << 20;

    /// <summary>Of a layer's evaluators.</summary>
    public const int Evaluators = 1_000;

    /// <summary>As <see cref="Steps"/>, for all flags of one request together.</summary>
    public const int RequestSteps = 1_000_000;

    /// <summary>Of one targeting no more faults than these are named.</summary>
    public const int Faults = 20;

    /// <summary>Weights of a fractional add up to this at most: 2^31 - 1.</summary>
    public const int Weight = int.MaxValue;

    /// <summary>Of a flag's key or an evaluator's name.</summary>
    public const int NameLength = 255;

    /// <summary>An explanation ends after these.</summary>
    public const int ExplainedSteps = 200;
}
