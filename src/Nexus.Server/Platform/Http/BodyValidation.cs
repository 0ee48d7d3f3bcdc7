namespace Nexus.Server.Platform.Http;

/// <summary>Rules of a body's fields, worded alike on every route.</summary>
internal static class BodyValidation
{
    private const int MaxPersonId = 200;

    /// <summary>Refuses a body in which a rule does not hold.</summary>
    /// <exception cref="ProblemException">422 <c>body.invalid</c>.</exception>
    public static void Require(bool holds, string member, string message)
    {
        if (!holds)
        {
            throw new ProblemException(Problem.Invalid(member, message));
        }
    }

    /// <summary>Refuses a word that is not one of a closed set; null is no mistake.</summary>
    /// <exception cref="ProblemException">422 <c>body.invalid</c>, with the nearest word.</exception>
    public static void RequireOneOf(string? value, string member, params IReadOnlyCollection<string> allowed)
    {
        if (value is not null && !allowed.Contains(value, StringComparer.Ordinal))
        {
            throw new ProblemException(
                Problem.Invalid(ProblemCodes.BodyInvalid, [FieldError.UnknownValue(member, member, value, allowed)]));
        }
    }

    /// <summary>Refuses what cannot be the id of a person; null is no mistake.</summary>
    /// <exception cref="ProblemException">422 <c>body.invalid</c>.</exception>
    public static void RequirePersonId(string? id, string member)
    {
        if (CheckPersonId(id, member) is { } invalid)
        {
            throw new ProblemException(invalid);
        }
    }

    /// <summary>The refusal of what cannot be the id of a person; null for one, and for none.</summary>
    public static Problem? CheckPersonId(string? id, string member) =>
        id is null or { Length: >= 1 and <= MaxPersonId } ? null : Problem.Invalid(member, "must be 1 to 200 characters.");
}
