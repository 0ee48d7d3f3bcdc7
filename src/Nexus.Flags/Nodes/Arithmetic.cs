namespace Nexus.Flags.Nodes;

/// <summary>The operations on numbers.</summary>
internal enum Arithmetic
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}
