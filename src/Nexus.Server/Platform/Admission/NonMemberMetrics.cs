using System.Diagnostics.Metrics;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Platform.Admission;

/// <summary>
/// Counts and logs refusals of callers who are not known, or no members of the tenant they name. A tenant's log tells of its members
/// only, so that nobody else can fill it; these are for whoever runs the service.
/// </summary>
internal sealed partial class NonMemberMetrics(IMeterFactory meters, ILogger<NonMemberMetrics> logger)
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Nexus";

    private readonly Counter<long> _refused = meters.Create(MeterName).CreateCounter<long>(
        "nexus.auth.refused", "{request}", "Requests refused because the caller is unknown or not a member of the tenant.");

    /// <summary>Counts a refusal of a caller who is unknown or not a member.</summary>
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
