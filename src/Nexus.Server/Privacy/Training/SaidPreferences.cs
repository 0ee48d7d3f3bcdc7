using Nexus.Server.Audit.Events;

namespace Nexus.Server.Privacy.Training;

/// <summary>What counts at one moment for some people of a tenant and env.</summary>
internal sealed class SaidPreferences
{
    private readonly Dictionary<string, TrainingPreference> _own = new(StringComparer.Ordinal);
    private readonly TrainingPreference? _tenantZero;

    /// <summary>Sorts rows of the tenant and of tenant-0.</summary>
    public SaidPreferences(string tenantId, IEnumerable<TrainingPreference> rows)
    {
        foreach (var row in rows)
        {
            if (row.TenantId == tenantId)
            {
                _own[row.UserId] = row;
            }
            else
            {
                _tenantZero = row;
            }
        }
    }

    /// <summary>What was said, the strongest first: of the person, of the tenant, of tenant-0.</summary>
    public IEnumerable<TrainingPreference> Of(string userId) =>
        new[] { _own.GetValueOrDefault(userId), _own.GetValueOrDefault(""), _tenantZero }.OfType<TrainingPreference>();

    /// <summary>Decides for content without personal data.</summary>
    public TrainDecision Decide(string userId, string? subjectId) => TrainDecision.Of(
        _own.GetValueOrDefault(userId), subjectId is null ? null : _own.GetValueOrDefault(subjectId), _own.GetValueOrDefault(""), _tenantZero);
}
