using Microsoft.AspNetCore.Authorization;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.SignIn;
using Nexus.Server.Identity.Tenants;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Idempotency;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Runs before every route: token, context, membership, context match, role and gates, in this order. It must run before the
/// framework binds a handler's parameters, so it is a middleware and not an endpoint filter (see docs/decisions). A route that
/// declares no action is refused.
/// </summary>
internal sealed class AdmissionMiddleware(
    RequestDelegate next, Authenticator authenticator, MembershipResolver memberships, TenantDirectory tenants, IEnumerable<IGate> gates,
    InFlightRequests inFlight, RefusalEventAggregator refusals, NonMemberMetrics nonMembers)
{
    private readonly IGate[] _gates = gates.ToArray();
    private readonly string[] _gateNames = gates.Select(gate => gate.Name).ToArray();

    /// <summary>Runs the checks and, if they pass, the route.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint is null || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            if (endpoint is not null && endpoint.Metadata.GetMetadata<StreamingBodyMetadata>() is null)
            {
                await RequestBody.ReadAsync(http, KestrelConfiguration.MaxRequestBodySize, http.RequestAborted);
            }

            await next(http);
            return;
        }

        var action = endpoint.Metadata.GetMetadata<EndpointAction>();
        if (action is null)
        {
            // The framework's own endpoints for a wrong method or content type. 405 and 415 reveal nothing about a tenant, but
            // still require a token.
            var (_, refused) = await authenticator.AuthenticateAsync(http);
            await (refused is null ? next(http) : refused.ExecuteAsync(http));
            return;
        }

        if (await AdmitAsync(http, endpoint, action) is { } refusal)
        {
            nonMembers.RecordRefusal(action, refusal);
            refusals.Count(http.Features.Get<RequestContext>(), action, refusal);
            await refusal.ExecuteAsync(http);
            return;
        }

        http.Response.Headers.CacheControl = "no-store";
        var context = http.Features.Get<RequestContext>()!;
        try
        {
            await (context.Idempotency is null ? next(http) : inFlight.RunAsync(http, next));
        }
        catch (ProblemException refused) when (refused.Problem.Gate is not null)
        {
            // Bytes are counted in the write that adds them, which does not know the action.
            refusals.Count(context, action, refused.Problem);
            throw new ProblemException(refused.Problem with { Action = action.Name });
        }
        finally
        {
            context.PartialRefusals.ForEach(refused => refusals.Count(context, action, refused));
        }
    }

    private async ValueTask<Problem?> AdmitAsync(HttpContext http, Endpoint endpoint, EndpointAction action)
    {
        var (auth, unknown) = await authenticator.AuthenticateAsync(http);
        if (auth is null)
        {
            return unknown;
        }

        if (http.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
        {
            return new Problem(ProblemCodes.RequestMalformed, "The query string contains a null character (U+0000).");
        }

        // A JSON body may name the context, so it is read first. Other bodies are read only once the sender is admitted.
        var body = RequestBody.IsJson(http.Request)
            ? await RequestBody.ReadAsync(
                http,
                endpoint.Metadata.GetMetadata<RequestBodyLimit>()?.Bytes ?? KestrelConfiguration.MaxRequestBodySize,
                http.RequestAborted)
            : RequestBody.Empty;
        var ids = RequestIds.Get(http);
        var named = ContextResolver.FromRequest(http.Request, body.Json);
        RequestContext context;
        if (action.MinimumRole == Role.None)
        {
            if (!named.MatchesUser(auth))
            {
                return ContextResolver.Mismatch;
            }

            context = CreateContext(auth, ids, action, Scope.System, Role.None);
        }
        else
        {
            if (named.Resolve(auth, out var tenantId, out var env) is { } unresolved)
            {
                return unresolved;
            }

            var role = await memberships.GetRoleAsync(auth, tenantId, http.RequestAborted);
            if (role == Role.None)
            {
                return AuthProblems.TenantMismatch(tenantId);
            }

            if (named.CheckConsistency(http.Request, auth, tenantId, env) is { } mismatch)
            {
                return mismatch;
            }

            if (role < action.MinimumRole)
            {
                return AuthProblems.InsufficientRole(action.MinimumRole);
            }

            if (action.Name != TenantEndpoints.UpdateAction && await tenants.IsSuspendedAsync(tenantId, http.RequestAborted))
            {
                return IdentityProblems.TenantSuspended;
            }

            context = CreateContext(auth, ids, action, new Scope(tenantId, env), role);
        }

        http.Features.Set(context);
        foreach (var gate in _gates)
        {
            if (await gate.CheckAsync(context, action, http, http.RequestAborted) is { } refusal)
            {
                return refusal;
            }
        }

        context.Gates = _gateNames;
        if (!RequestBody.IsJson(http.Request))
        {
            body = await RequestBody.ReadAsync(
                http,
                endpoint.Metadata.GetMetadata<RequestBodyLimit>()?.Bytes ?? KestrelConfiguration.MaxRequestBodySize,
                http.RequestAborted);

            // A sender who takes their time may have lost their place meanwhile, and everything of theirs may have been erased.
            if (action is { Mutates: true, MinimumRole: not Role.None } && AuthProblems.CheckRole(
                context.TenantId,
                await memberships.GetRoleAsync(auth, context.TenantId, http.RequestAborted),
                action.MinimumRole) is { } lost)
            {
                return lost;
            }
        }

        return action.Mutates ? ReadIdempotencyKey(http, context, body) : null;
    }

    private static RequestContext CreateContext(AuthContext auth, RequestIds ids, EndpointAction action, Scope scope, Role role) => new()
    {
        TenantId = scope.TenantId,
        Env = scope.Env,
        Scope = scope,
        UserId = auth.UserId,
        Role = role,
        RequestId = ids.RequestId,
        TraceId = ids.TraceId,
        ActorType = auth.ActorType,
        Action = action.Name,
        Auth = auth,
    };

    private static Problem? ReadIdempotencyKey(HttpContext http, RequestContext context, RequestBody body)
    {
        var header = http.Request.Headers["Idempotency-Key"];
        if (header.Count == 0)
        {
            return null;
        }

        if (header.Count > 1 || header[0] is not { Length: >= 1 and <= 255 } key || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return new Problem(ProblemCodes.IdempotencyInvalid, "Idempotency-Key must be 1 to 255 visible ASCII characters, sent once.");
        }

        context.Idempotency = new IdempotencyKey(key, http.Request.Method + " " + http.Request.Path, body.ComputeFingerprint(http.Request));
        return null;
    }
}
