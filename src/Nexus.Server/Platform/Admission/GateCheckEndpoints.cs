using Microsoft.AspNetCore.Http.HttpResults;
using Nexus.Client;
using Nexus.Server.Platform.Admission.Quotas;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>Tells what the gates would decide: <c>/gates/check</c>.</summary>
internal static class GateCheckEndpoints
{
    public static void MapGateChecks(this IEndpointRouteBuilder app) =>
        app.MapPost("/gates/check", CheckAsync)
            .RequireAction(QuotaGate.UnmeteredAction, Role.Viewer, mutates: false)
            .WithTags("Kill switches")
            .WithSummary("Check whether the gates allow an action, and why not");

    private static async Task<Results<EntityResult<GateCheck>, Problem>> CheckAsync(
        RequestContext context, JsonBody<GateCheckRequest> body, EndpointDataSource routes, IEnumerable<IGate> gates,
        CancellationToken cancellationToken)
    {
        // If several routes have the same action, a mutating one is checked by more gates.
        var action = routes.Endpoints.Select(route => route.Metadata.GetMetadata<EndpointAction>())
            .Where(known => known?.Name == body.Value.Action).OrderByDescending(known => known!.Mutates).FirstOrDefault();
        if (action is null)
        {
            var known = routes.Endpoints.Select(route => route.Metadata.GetMetadata<EndpointAction>()?.Name).OfType<string>()
                .Distinct(StringComparer.Ordinal);
            return Problem.Invalid(
                ProblemCodes.BodyInvalid,
                [FieldError.UnknownValue(
                    "action",
                    "action",
                    body.Value.Action,
                    known,
                    "The OpenAPI document names the action of every route.")]);
        }

        // A route without a tenant is checked by the gates of tenant-0.
        var gateContext = action.MinimumRole == Role.None
            ? context with { TenantId = Scope.System.TenantId, Env = Scope.System.Env, Scope = Scope.System, Role = Role.None }
            : context;
        var states = new List<GateState>();
        foreach (var gate in gates)
        {
            var refusal = await gate.CheckAsync(gateContext, action, null, cancellationToken);
            states.Add(new GateState
            {
                Gate = gate.Name,
                Allowed = refusal is null,
                Reason = refusal is null ? await gate.GetWarningAsync(context, action, cancellationToken)
                    : refusal.LiftedBy is { } lifts ? $"{refusal.Detail} Lifted by: {lifts}." : refusal.Detail,
                LiftsAt = refusal?.LiftsAt,
            });
        }

        return EntityResult<GateCheck>.Create(new GateCheck { Allowed = states.TrueForAll(state => state.Allowed), Gates = states });
    }
}
