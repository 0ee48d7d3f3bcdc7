using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>
/// Caches the preferences read by the appends of one batch, so that each is read once. They are read after the log's head is
/// locked, so changes committed before that are seen, on every node.
/// </summary>
internal sealed class PreferenceBatchCache : IBatchState
{
    private readonly Dictionary<string, StoredTrainingPreference?> _known = new(StringComparer.Ordinal);

    /// <summary>Returns the preference of a person, or of the tenant if the id is empty. Null if there is none.</summary>
    public async ValueTask<StoredTrainingPreference?> FindAsync(WriteSession session, string userId)
    {
        if (!_known.TryGetValue(userId, out var preference))
        {
            preference = await TrainingPreferenceService.FindAsync(session, session.Scope.TenantId, userId);
            _known[userId] = preference;
        }

        return preference;
    }

    /// <summary>Must be called when a write of this batch changes a preference.</summary>
    public void Invalidate(string userId) => _known.Remove(userId);

    /// <inheritdoc />
    public ValueTask BeginAsync(WriteSession session) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public void CreateSavepoint()
    {
        // A write that is rolled back may have read its own change, so the cache is cleared then.
    }

    /// <inheritdoc />
    public void RollbackToSavepoint() => _known.Clear();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<BatchStatement>> FlushAsync(WriteSession session) => new([]);
}
