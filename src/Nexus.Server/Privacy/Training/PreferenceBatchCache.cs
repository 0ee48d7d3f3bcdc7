using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>
/// The preferences that the appends of one batch have asked for, so that each is read once a batch. It is read after the log's head
/// is locked, so whoever said something before that is heard, on any node.
/// </summary>
internal sealed class PreferenceBatchCache : IBatchState
{
    private readonly Dictionary<string, StoredTrainingPreference?> _known = new(StringComparer.Ordinal);

    /// <summary>The preference of a person, or with an empty name of the tenant; null where nothing was said.</summary>
    public async ValueTask<StoredTrainingPreference?> FindAsync(WriteSession session, string userId)
    {
        if (!_known.TryGetValue(userId, out var preference))
        {
            preference = await TrainingPreferenceService.FindAsync(session, session.Scope.TenantId, userId);
            _known[userId] = preference;
        }

        return preference;
    }

    /// <summary>A write of this batch changes one.</summary>
    public void Invalidate(string userId) => _known.Remove(userId);

    /// <inheritdoc />
    public ValueTask BeginAsync(WriteSession session) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public void CreateSavepoint()
    {
        // What a write that is undone has read may be its own change, so nothing outlives it: see Undo.
    }

    /// <inheritdoc />
    public void RollbackToSavepoint() => _known.Clear();

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<BatchStatement>> FlushAsync(WriteSession session) => new([]);
}
