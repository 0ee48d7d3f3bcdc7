using System.Text.Json;
using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.PersonalData;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>A person's training preference. A preference they set for the tenant stays, without their name.</summary>
internal sealed class PreferencePersonalData : IPersonalData
{
    /// <inheritdoc />
    public string Kind => "train_prefs";

    /// <inheritdoc />
    public IReadOnlyList<string> Tables { get; } = ["training_preferences"];

    /// <inheritdoc />
    public ErasurePhase Phase => ErasurePhase.Preferences;

    /// <inheritdoc />
    public ValueTask<IdPage> FindAsync(ReadSession session, DataSubject person, string after) =>
        PersonalRowFinder.AnyAsync(session, person, after, "training_preferences", "user_id = @UserId or updated_by = @UserId");

    /// <inheritdoc />
    public async ValueTask EraseAsync(WriteSession session, ErasureContext erasing, string[] ids)
    {
        var key = new { session.Scope.TenantId, session.Scope.Env, erasing.UserId };
        if (await session.ExecuteAsync(
            "delete from training_preferences where tenant_id = @TenantId and env = @Env and user_id = @UserId",
            key) > 0)
        {
            session.BatchState<PreferenceBatchCache>().Invalidate(erasing.UserId);
            await erasing.AppendReceiptAsync(session, "training_preference", null);
        }

        await session.ExecuteAsync(
            "update training_preferences set updated_by = 'erased' where tenant_id = @TenantId and env = @Env and updated_by = @UserId",
            key);
    }

    /// <inheritdoc />
    public async ValueTask<List<string>> ReadAsync(ReadSession session, DataSubject person, string[] ids) =>
        await TrainingPreferenceService.FindAsync(session, session.Scope.TenantId, person.UserId) is { } preference
            ? [JsonSerializer.Serialize(preference.ToWire(session.Scope), StrictJson.TypeInfo<Client.TrainingPreference>())]
            : [];
}
