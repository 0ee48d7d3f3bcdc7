namespace Nexus.Flags;

/// <summary>Why an evaluation failed, in the words of OpenFeature.</summary>
public static class EvaluationErrors
{
    /// <summary>There is no flag with this key.</summary>
    public const string FlagNotFound = "FLAG_NOT_FOUND";

    /// <summary>The stored definition can no longer be read, for instance because an evaluator is gone.</summary>
    public const string ParseError = "PARSE_ERROR";

    /// <summary>The evaluation context is not a JSON object of valid Unicode.</summary>
    public const string InvalidContext = "INVALID_CONTEXT";

    /// <summary>Targeting took too long, or gave something that is not one of the flag's variants.</summary>
    public const string General = "GENERAL";
}
