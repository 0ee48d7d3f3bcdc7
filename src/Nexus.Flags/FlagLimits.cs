namespace Nexus.Flags;

/// <summary>How large a definition may be, and how much work evaluating it may take.</summary>
public static class FlagLimits
{
    /// <summary>The JSON text of a targeting or an evaluator.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Operations within operations, references included.</summary>
    public const int MaxDepth = 50;

    /// <summary>Values in a targeting, references included: a few references to references would otherwise multiply without end.</summary>
    public const int MaxParts = 20_000;

    /// <summary>How many nodes the iterations of one evaluation may visit.</summary>
    public const int MaxSteps = 100_000;

    /// <summary>As <see cref="MaxSteps"/>, for all flags of one request together.</summary>
    public const int MaxRequestSteps = 1_000_000;

    /// <summary>
    /// The parts of all flags of a layer, references included, with <see cref="FlagParts"/> for each flag: a few flags that refer to large
    /// evaluators would otherwise fill the service's memory when they are compiled.
    /// </summary>
    public const int MaxLayerParts = 500_000;

    /// <summary>What a flag counts in <see cref="MaxLayerParts"/> besides its targeting.</summary>
    public const int FlagParts = 10;

    /// <summary>The definitions of a layer together, in characters.</summary>
    public const int MaxLayerLength = 32 << 20;

    /// <summary>The evaluators of a layer.</summary>
    public const int MaxEvaluators = 1_000;

    /// <summary>Faults that are reported for one targeting.</summary>
    public const int MaxFaults = 20;

    /// <summary>The sum of the weights of a fractional, as flagd limits it.</summary>
    public const int MaxWeight = int.MaxValue;

    /// <summary>A flag's key, or the name of a variant or an evaluator.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Steps of an explanation.</summary>
    public const int MaxExplainedSteps = 200;
}
