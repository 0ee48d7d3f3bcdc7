namespace Nexus.Flags;

/// <summary>Why a flag is what it is, as OpenFeature names it.</summary>
internal static class EvaluationReasons
{
    /// <summary>There is no targeting.</summary>
    public const string Static = "STATIC";

    /// <summary>Targeting gave the variant.</summary>
    public const string TargetingMatch = "TARGETING_MATCH";

    /// <summary>Targeting gave none, or there is no default variant.</summary>
    public const string Default = "DEFAULT";

    /// <summary>The flag is off: the caller's own default counts.</summary>
    public const string Disabled = "DISABLED";

    /// <summary>See <see cref="EvaluationErrors"/>.</summary>
    public const string Error = "ERROR";
}
