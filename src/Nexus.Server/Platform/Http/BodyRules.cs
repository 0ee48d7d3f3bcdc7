namespace Nexus.Server.Platform.Http;

/// <summary>Rules of a body's members, said alike by every route.</summary>
internal static class BodyRules
{
    private const int MaxPersonId = 200;

    /// <summary>Refuses a body in which a rule does not hold.</summary>
    /// <exception cref="ProblemException">422 <c>body.invalid</c>.</exception>
    public static void Rule(bool holds, string member, string message)
    {
        if (!holds)
        {
            throw new ProblemException(Problem.Invalid(member, message));
        }
    }

    /// <summary>Refuses what cannot be the id of a person; none is no mistake.</summary>
    /// <exception cref="ProblemException">422 <c>body.invalid</c>.</exception>
    public static void PersonId(string? id, string member) => Rule(id is null or { Length: >= 1 and <= MaxPersonId }, member, "must be 1 to 200 characters.");
}
