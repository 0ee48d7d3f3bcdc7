using Nexus.Server.Audit.Events;

namespace Nexus.Server.Privacy.Training;

/// <summary>The training preferences in effect for some people of a tenant and env.</summary>
internal sealed class EffectivePreferences
{
    private readonly Dictionary<string, StoredTrainingPreference> _own = new(StringComparer.Ordinal);
    private readonly StoredTrainingPreference? _tenantZero;

    /// <summary>Groups the rows of the tenant and of tenant-0.</summary>
    public EffectivePreferences(string tenantId, IEnumerable<StoredTrainingPreference> rows)
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

    /// <summary>Returns the preferences that apply to a person, strongest first: the person's, the tenant's, tenant-0's.</summary>
    public IEnumerable<StoredTrainingPreference> ListFor(string userId) =>
        new[] { _own.GetValueOrDefault(userId), _own.GetValueOrDefault(""), _tenantZero }.OfType<StoredTrainingPreference>();

    /// <summary>Decides for content without personal data.</summary>
    public TrainingDecision Decide(string userId, string? subjectId) => PreferencePrecedence.Decide(
        _own.GetValueOrDefault(userId),
        subjectId is null ? null : _own.GetValueOrDefault(subjectId),
        _own.GetValueOrDefault(""),
        _tenantZero);
}
