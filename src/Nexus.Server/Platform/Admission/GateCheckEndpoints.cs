using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>What the gates would say: <c>/gates/check</c>.</summary>
internal static class GateCheckEndpoints
{
    /// <summary>Maps the route.</summary>
    public static void MapGateChecks(this IEndpointRouteBuilder app) =>
        app.MapPost("/gates/check", CheckAsync).RequireAction(QuotaGate.UnmeteredAction, Role.Viewer, mutates: false).WithTags("Kill switches")
            .WithSummary("Check whether the gates allow an action, and why not");

    private static async Task<Results<EntityResult<GateCheck>, Problem>> CheckAsync(
        RequestContext context, JsonBody<GateCheckRequest> body, EndpointDataSource routes, IEnumerable<IGate> gates, QuotaOptions quotas,
        Database database, CancellationToken cancellationToken)
    {
        // Of several routes that do the same, one that changes something is the one that more gates look at.
        var action = routes.Endpoints.Select(route => route.Metadata.GetMetadata<EndpointAction>())
            .Where(known => known?.Name == body.Value.Action).OrderByDescending(known => known!.Mutates).FirstOrDefault();
        if (action is null)
        {
            var known = routes.Endpoints.Select(route => route.Metadata.GetMetadata<EndpointAction>()?.Name).OfType<string>()
                .Distinct(StringComparer.Ordinal);
            return Problem.Invalid(
                ProblemCodes.BodyInvalid,
                [FieldError.UnknownValue("action", "action", body.Value.Action, known, "The OpenAPI document names the action of every route.")]);
        }

        // A route without a tenant meets the gates of tenant-0.
        var asked = action.MinimumRole == Role.None
            ? context with { TenantId = Scope.System.TenantId, Env = Scope.System.Env, Scope = Scope.System, Role = Role.None }
            : context;
        var states = new List<GateState>();
        foreach (var gate in gates)
        {
            var refusal = await gate.CheckAsync(asked, action, null, cancellationToken);
            states.Add(new GateState
            {
                Gate = gate.Name,
                Allowed = refusal is null,
                Reason = refusal?.LiftedBy is { } lifts ? $"{refusal.Detail} Lifted by: {lifts}." : refusal?.Detail,
                LiftsAt = refusal?.LiftsAt,
            });
        }

        if (action is { Mutates: true, MinimumRole: not Role.None } && states[^1] is { Gate: "quota", Allowed: true } quota
            && await database.ReadAsync(context.Scope, UsageBatchState.GetStoredBytesAsync, cancellationToken) >= quotas.GetStorageBytes(context.TenantId))
        {
            states[^1] = quota with { Reason = "The tenant has used up its quota storage_bytes. Requests that add to it are refused." };
        }

        return EntityResult<GateCheck>.Create(new GateCheck { Allowed = states.TrueForAll(state => state.Allowed), Gates = states });
    }
}
