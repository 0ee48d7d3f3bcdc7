using Nexus.Client;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.KillSwitches;

/// <summary>Refuses what the tenant's or tenant-0's kill switch has disabled.</summary>
internal sealed class KillSwitchGate(KillSwitchStore switches) : IGate
{
    /// <summary>
    /// The action that changes kill switches. It cannot be disabled, because nobody could enable anything again. It is still
    /// refused for agents if they may not change anything.
    /// </summary>
    public const string WriteAction = "kill_switch_write";

    /// <inheritdoc />
    public string Name => "kill_switch";

    /// <inheritdoc />
    public async ValueTask<Problem?> CheckAsync(
        RequestContext context, EndpointAction action, HttpContext? request, CancellationToken cancellationToken)
    {
        return Check(await switches.GetAsync(Scope.SystemTenantId, context.Env, cancellationToken), context, action)
            ?? Check(await switches.GetAsync(context.TenantId, context.Env, cancellationToken), context, action);
    }

    private static Problem? Check(KillSwitch? set, RequestContext context, EndpointAction action)
    {
        if (set is null)
        {
            return null;
        }

        var isOff = action.Name != WriteAction && set.DisabledActions.Contains(action.Name, StringComparer.Ordinal);
        if (!isOff && !(set.DisableAutonomy && action.Mutates && context.ActorType == ActorTypes.Agent))
        {
            return null;
        }

        return new Problem(
            ProblemCodes.KillSwitchBlocked, isOff ? $"The action {action.Name} is switched off." : "Agents may not change anything now.")
        {
            Gate = "kill_switch",
            Action = action.Name,
            LiftedBy = $"PUT /kill-switches by an admin of {set.TenantId} in {set.Env}",
        };
    }
}
