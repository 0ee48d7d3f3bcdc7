namespace Nexus.Server.FeatureFlags.Evaluation.Values;

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
