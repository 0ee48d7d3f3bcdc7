namespace Nexus.Server.Platform.Http;

/// <summary>Rules of a body's members, said alike by every route.</summary>
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

    /// <summary>Refuses what cannot be the id of a person; none is no mistake.</summary>
    /// <exception cref="ProblemException">422 <c>body.invalid</c>.</exception>
    public static void RequirePersonId(string? id, string member) => Require(id is null or { Length: >= 1 and <= MaxPersonId }, member, "must be 1 to 200 characters.");
}
