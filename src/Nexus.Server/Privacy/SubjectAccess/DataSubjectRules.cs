using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Privacy.SubjectAccess;

/// <summary>Checks who may request an erasure of, or access to, a person's data.</summary>
internal static class DataSubjectRules
{
    /// <summary>Checks that the caller may make a request about the person.</summary>
    /// <exception cref="ProblemException">
    /// 422 if the id is not a person's, 403 for another person's id or an API key bound to an env.
    /// </exception>
    public static void CheckRequest(RequestContext context, string userId)
    {
        CheckNotEnvBound(context);
        BodyValidation.RequirePersonId(userId, "user_id");

        // Actions of the service and of API keys belong to no person. Erasing them would empty the log.
        if (userId == "system" || userId.StartsWith("key_", StringComparison.Ordinal))
        {
            throw new ProblemException(Problem.Invalid("user_id", "must be the id of a person."));
        }

        CheckSelfOrAdmin(context, userId);
    }

    /// <summary>Allows requests about oneself, and for admins about anyone.</summary>
    /// <exception cref="ProblemException">403 <c>auth.role</c>.</exception>
    public static void CheckSelfOrAdmin(RequestContext context, string userId)
    {
        if (userId != context.UserId && context.Role < Role.Admin)
        {
            throw new ProblemException(AuthProblems.InsufficientRole(Role.Admin));
        }
    }

    /// <summary>Rejects API keys bound to an env: a person's data spans all envs of the tenant.</summary>
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
