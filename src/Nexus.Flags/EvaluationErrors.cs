namespace Nexus.Flags;

/// <summary>What can go wrong, as OpenFeature names it.</summary>
internal static class EvaluationErrors
{
    /// <summary>There is no flag of this key.</summary>
    public const string FlagNotFound = "FLAG_NOT_FOUND";

    /// <summary>The definition that was stored cannot be evaluated any more, for want of an evaluator for instance.</summary>
    public const string ParseError = "PARSE_ERROR";

    /// <summary>The context is no object.</summary>
    public const string InvalidContext = "INVALID_CONTEXT";

    /// <summary>Evaluating failed for this context, or gave a variant that there is not.</summary>
    public const string General = "GENERAL";
}
