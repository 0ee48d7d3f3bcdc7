namespace Nexus.Flags.Values;

/// <summary>One evaluation of one targeting: for which flag, when, and how much work it may still do.</summary>
internal struct Run(string flagKey, double timestamp, Trace? trace, int steps = FlagLimits.Steps)
{
    private const int CharactersAStep = 64;

    private int _steps = steps;

    /// <summary>Of what is evaluated before there is a context.</summary>
    public static Run Beforehand => new("", 0, null);

    public string FlagKey { get; } = flagKey;

    /// <summary>How many steps are left.</summary>
    public readonly int Left => Math.Max(0, _steps);

    /// <summary>Whether the outcome may change as time goes on.</summary>
    public bool HasReadTime { get; private set; }

    /// <summary>Where steps are noted, when somebody asked for them.</summary>
    public Trace? Trace { get; } = trace;

    /// <summary>Seconds since 1970.</summary>
    public double ReadTime()
    {
        HasReadTime = true;
        return timestamp;
    }

    /// <summary>
    /// Pays for work that the size of a targeting does not bound: iterations, and what grows with data.
    /// </summary>
    /// <exception cref="LogicException">Nothing is left.</exception>
    public void Spend(int steps)
    {
        _steps -= steps;
        if (_steps < 0)
        {
            throw LogicException.TooLong();
        }
    }

    /// <summary>Pays for reading or writing this much text.</summary>
    public void SpendText(int characters)
    {
        if (characters >= CharactersAStep)
        {
            Spend(characters / CharactersAStep);
        }
    }
}
