using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Platform.Tenancy;

/// <summary>
/// Contexts of work that no credential began: signing in and up, and what the service does for itself. Their events go to
/// the log of tenant-0, but for the service's own work in a tenant.
/// </summary>
internal static class RequestContextFactory
{
    /// <summary>Somebody at an open route, once it is known who they are.</summary>
    public static RequestContext ForUser(HttpContext http, string action, string userId)
    {
        var ids = RequestIds.Get(http);
        return Create(Scope.System, action, userId, ActorTypes.Human, ids.RequestId, ids.TraceId);
    }

    /// <summary>The service itself, or its operator at the machine.</summary>
    public static RequestContext ForSystem(string action, Scope? scope = null)
    {
        var id = Id.New();
        return Create(scope ?? Scope.System, action, "system", ActorTypes.System, id, id);
    }

    private static RequestContext Create(Scope scope, string action, string userId, string actor, string requestId, string traceId) => new()
    {
        TenantId = scope.TenantId,
        Env = scope.Env,
        Scope = scope,
        UserId = userId,
        Role = Role.None,
        RequestId = requestId,
        TraceId = traceId,
        ActorType = actor,
        Action = action,
    };
}
