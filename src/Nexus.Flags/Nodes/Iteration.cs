namespace Nexus.Flags.Nodes;

/// <summary>What an iteration makes of a list.</summary>
internal enum Iteration
{
    Map,
    Filter,
    Some,
    Every,
    None,
}
