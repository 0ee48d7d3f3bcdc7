using Nexus.Server.Platform.Admission.RateLimits;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>
/// Counts a tenant's requests of the UTC day, on all nodes together. Bytes are not counted here but in the write that adds them
/// (<see cref="UsageBatchState"/>), where two at once see each other.
/// </summary>
internal sealed class QuotaGate(QuotaOptions options, RateLeases allowances, TimeProvider time) : IGate
{
    /// <summary>The action that asks the gates. It is not counted, so that asking uses nothing up and is answered when nothing is left.</summary>
    public const string UnmeteredAction = "gates_check";

    /// <inheritdoc />
    public string Name => "quota";

    /// <summary>The refusal of a quota that is used up.</summary>
    public static Problem Exceeded(string quota, long limit, DateTimeOffset? liftsAt) =>
        new(
            ProblemCodes.QuotaExceeded,
            string.Create(CultureInfo.InvariantCulture, $"The tenant has used up its quota {quota} of {limit}."))
        {
            Gate = "quota",
            Action = quota,
            LiftsAt = liftsAt,
            LiftedBy = liftsAt is null ? "Deleting what is no longer needed, or a larger quota from the operator" : null,
        };

    /// <inheritdoc />
    public async ValueTask<Problem?> CheckAsync(RequestContext context, EndpointAction action, HttpContext? request, CancellationToken cancellationToken)
    {
        if (action.MinimumRole == Role.None || action.Name == UnmeteredAction)
        {
            return null;
        }

        var key = new RateLeaseKey(context.TenantId, "all", "daily_requests");
        var terms = new RateLeaseTerms(options.GetDailyRequests(context.TenantId), TimeSpan.FromDays(1), IsDaily: true);
        var taken = request is null ? await allowances.PeekAsync(key, terms, cancellationToken) : await allowances.AcquireAsync(key, terms, cancellationToken);
        return taken.IsAcquired ? null : Exceeded(key.Name, terms.Limit, NextMidnight()) with { Action = action.Name };
    }

    private DateTimeOffset NextMidnight() => new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
}
