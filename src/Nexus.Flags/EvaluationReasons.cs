namespace Nexus.Flags;

/// <summary>
/// Why a flag has its value, in the words of OpenFeature. flagd gives no other reasons: a split by <c>fractional</c> is a match.
/// </summary>
public static class EvaluationReasons
{
    /// <summary>The flag has no targeting: the default variant holds for every context.</summary>
    public const string Static = "STATIC";

    /// <summary>Targeting chose the variant.</summary>
    public const string TargetingMatch = "TARGETING_MATCH";

    /// <summary>Targeting gave null, or there is no default variant.</summary>
    public const string Default = "DEFAULT";

    /// <summary>The flag is disabled: the caller's own default holds.</summary>
    public const string Disabled = "DISABLED";

    /// <summary>The evaluation failed; see <see cref="EvaluationErrors"/>.</summary>
    public const string Error = "ERROR";
}
