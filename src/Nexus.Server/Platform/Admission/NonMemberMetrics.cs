using System.Diagnostics.Metrics;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Counts and logs refusals of callers who are unknown or not members of the tenant they name. A tenant's log contains only
/// events of its members, so that nobody else can fill it. These metrics are for the operator.
/// </summary>
internal sealed partial class NonMemberMetrics(IMeterFactory meters, ILogger<NonMemberMetrics> logger)
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Nexus";

    private readonly Counter<long> _refused = meters.Create(MeterName).CreateCounter<long>(
        "nexus.auth.refused", "{request}", "Requests refused because the caller is unknown or not a member of the tenant.");

    /// <summary>Counts a refusal if the caller is unknown or not a member.</summary>
    public void RecordRefusal(EndpointAction action, Problem refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized || refusal.Kind == ProblemCodes.AuthTenantMismatch)
        {
            _refused.Add(1, new("action", action.Name), new("code", refusal.Code));
            LogRefused(action.Name, refusal.Code);
        }
    }

    [LoggerMessage(LogLevel.Information, "Refused a caller who is unknown or not a member: {Action}, {Code}")]
    private partial void LogRefused(string action, string code);
}
