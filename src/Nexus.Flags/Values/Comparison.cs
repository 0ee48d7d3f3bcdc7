namespace Nexus.Flags.Values;

/// <summary>JavaScript's comparisons.</summary>
internal enum Comparison
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    StrictlyEqual,
    StrictlyNotEqual,
}
