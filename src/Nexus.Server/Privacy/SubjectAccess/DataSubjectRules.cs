using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.SubjectAccess;

/// <summary>The person that an erasure or an access request is about.</summary>
internal static class DataSubjectRules
{
    /// <summary>Refuses who may not ask about them.</summary>
    /// <exception cref="ProblemException">422 for no person, 403 for another's id, or for a key that is bound to an env.</exception>
    public static void CheckRequest(RequestContext context, string userId)
    {
        CheckNotEnvBound(context);
        BodyValidation.RequirePersonId(userId, "user_id");

        // What the service and keys did is nobody's; an erasure of it would empty the log.
        if (userId == "system" || userId.StartsWith("key_", StringComparison.Ordinal))
        {
            throw new ProblemException(Problem.Invalid("user_id", "must be the id of a person."));
        }

        CheckSelfOrAdmin(context, userId);
    }

    /// <summary>Anybody may ask about themself, and an admin about everybody.</summary>
    /// <exception cref="ProblemException">403 <c>auth.role</c>.</exception>
    public static void CheckSelfOrAdmin(RequestContext context, string userId)
    {
        if (userId != context.UserId && context.Role < Role.Admin)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(Role.Admin));
        }
    }

    /// <summary>A person is within a tenant, in all its envs.</summary>
    /// <exception cref="ProblemException">403 <c>privacy.env_bound</c>.</exception>
    public static void CheckNotEnvBound(RequestContext context)
    {
        if (context.Auth?.KeyEnv is not null)
        {
            throw new ProblemException(
                new Problem(ProblemCodes.PrivacyEnvBound, "This concerns all envs of the tenant, and this API key is limited to one env."));
        }
    }
}
