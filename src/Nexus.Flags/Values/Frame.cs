namespace Nexus.Flags.Values;

/// <summary>What a node works on: the data in scope, the scopes above, and the run that pays.</summary>
internal ref struct Frame(ref Run run, Value context, Above? above)
{
    public readonly ref Run Run = ref run;

    public readonly Value Context = context;

    public readonly Above? Above = above;

    /// <summary>The place in the list, where a list is iterated.</summary>
    public int Index = 0;

    /// <summary>
    /// The variable <c>prev</c> that json-logic-engine's compiled functions keep intermediate values in. A comparison
    /// checks what it holds once both sides are computed, which need not be its left side, so it shows.
    /// </summary>
    public Value Previous = default;
}
