using Nexus.Server.Platform.Admission.RateLimits;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission.Quotas;

/// <summary>
/// Counts a tenant's requests per UTC day, across all nodes. Bytes are not counted here but in the write that adds them
/// (<see cref="UsageBatchState"/>), where concurrent writes see each other.
/// </summary>
internal sealed class QuotaGate(QuotaOptions options, RateLeases leases, Database database, TimeProvider time) : IGate
{
    /// <summary>
    /// The action that queries the gates. It is not counted, so that a query uses nothing up and works even when the quota is
    /// used up.
    /// </summary>
    public const string UnmeteredAction = "gates_check";

    /// <inheritdoc />
    public string Name => "quota";

    /// <summary>Creates the refusal for an exceeded quota.</summary>
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
    public async ValueTask<Problem?> CheckAsync(
        RequestContext context, EndpointAction action, HttpContext? request, CancellationToken cancellationToken)
    {
        if (action.MinimumRole == Role.None || action.Name == UnmeteredAction)
        {
            return null;
        }

        var key = new RateLeaseKey(context.TenantId, "all", "daily_requests");
        var terms = new RateLeaseTerms(options.GetDailyRequests(context.TenantId), TimeSpan.FromDays(1), IsDaily: true);
        var taken = request is null
            ? await leases.PeekAsync(key, terms, cancellationToken)
            : await leases.AcquireAsync(key, terms, cancellationToken);
        return taken.IsAcquired ? null : Exceeded(key.Name, terms.Limit, NextMidnight()) with { Action = action.Name };
    }

    /// <inheritdoc />
    public async ValueTask<string?> GetWarningAsync(RequestContext context, EndpointAction action, CancellationToken cancellationToken) =>
        action is { Mutates: true, MinimumRole: not Role.None }
            && await database.ReadAsync(context.Scope, UsageBatchState.GetStoredBytesAsync, cancellationToken) >= options.GetStorageBytes(
                context.TenantId)
            ? "The tenant has used its storage_bytes: what adds to them is refused."
            : null;

    private DateTimeOffset NextMidnight() => new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
}
