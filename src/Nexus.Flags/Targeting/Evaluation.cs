using System.Globalization;
using Nexus.Flags.Targeting.Values;

namespace Nexus.Flags.Targeting;

/// <summary>One evaluation of one targeting: for which flag and context, and how much work it may still do.</summary>
internal struct Evaluation(string flagKey, EvaluationContext context, Trace? trace, int steps)
{
    private const int CharactersPerStep = 64;

    private int _steps = steps;

    public string FlagKey { get; } = flagKey;

    /// <summary>The evaluation context, which <c>var</c> sees outside iterations.</summary>
    public readonly Value Root => context.Root;

    /// <summary>How many steps are left.</summary>
    public readonly int StepsLeft => Math.Max(0, _steps);

    /// <summary>Whether <c>$flagd.timestamp</c> was read.</summary>
    public bool HasReadTime { get; private set; }

    /// <summary>Where steps are recorded; null if nobody asked for an explanation.</summary>
    public Trace? Trace { get; } = trace;

    /// <summary>Seconds since 1970.</summary>
    public double ReadTimestamp()
    {
        HasReadTime = true;
        return context.Timestamp;
    }

    /// <summary>Pays for work that the size of a targeting does not bound: iterations, and what grows with data.</summary>
    /// <exception cref="StepLimitException">Nothing is left.</exception>
    public void Spend(int steps)
    {
        _steps -= steps;
        if (_steps < 0)
        {
            throw new StepLimitException();
        }
    }

    /// <summary>Pays for reading or writing this many characters.</summary>
    public void SpendText(int characters)
    {
        if (characters >= CharactersPerStep)
        {
            Spend(characters / CharactersPerStep);
        }
    }
}

/// <summary>An evaluation took more steps than it may: the only way in which evaluating fails. It never leaves the library.</summary>
internal sealed class StepLimitException()
    : Exception(string.Create(CultureInfo.InvariantCulture, $"takes more than {FlagLimits.MaxSteps} steps"));
