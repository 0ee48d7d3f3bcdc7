using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>
/// Decides whether content may be used for training. Called when an event is recorded and again when it is exported. Preferences
/// of users and tenants are read in the event's transaction; only tenant-0's is cached, and changes of it take effect within 5 s.
/// If a preference cannot be read, the append fails; consent is never assumed.
/// </summary>
internal sealed class TrainingPreferenceService : IAppendStep
{
    private const string Topic = "training_preference";
    private const string Columns =
        "tenant_id as TenantId, env, user_id as UserId, opt_out as OptOut, version, updated_at as UpdatedAt, updated_by as UpdatedBy";

    private readonly ReadThroughCache<StoredTrainingPreference?> _tenantZero;

    /// <summary>Subscribes to changes of tenant-0's preferences.</summary>
    public TrainingPreferenceService(Database database, TimeProvider time)
    {
        _tenantZero = new ReadThroughCache<StoredTrainingPreference?>(TimeSpan.FromSeconds(5), time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _tenantZero.Invalidate(key);
            }
        };
    }

    /// <inheritdoc />
    public async ValueTask<TrainingDecision?> DecideTrainingAsync(WriteSession session, string userId, string? subjectId)
    {
        // For tenant-0's own events the preference may have been changed by this transaction, so it is not cached.
        var tenantZero = session.Scope.TenantId == Scope.SystemTenantId
            ? null
            : await _tenantZero.GetAsync(session.Scope.Env, () => FindAsync(session, Scope.SystemTenantId, ""));
        if (!EventLog.HasPreferences(session))
        {
            return PreferencePrecedence.Decide(null, null, null, tenantZero);
        }

        var said = session.BatchState<PreferenceBatchCache>();
        return PreferencePrecedence.Decide(
            await said.FindAsync(session, userId),
            subjectId is null || subjectId == userId ? null : await said.FindAsync(session, subjectId),
            await said.FindAsync(session, ""),
            tenantZero);
    }

    /// <summary>Reads the current preferences of some people of the session's tenant and env in one query.</summary>
    /// <param name="session">The session whose snapshot the decisions are based on.</param>
    /// <param name="people">The ids of callers and subjects.</param>
    public static async ValueTask<EffectivePreferences> ReadAsync(ReadSession session, IEnumerable<string> people)
    {
        var rows = await session.QueryAsync<StoredTrainingPreference>(
            $"""
            select {Columns} from training_preferences where ((tenant_id = @TenantId and {session.In("user_id", "people")})
              or (tenant_id = @zero and user_id = '')) and env = @Env
            """,
            new
            {
                session.Scope.TenantId, session.Scope.Env, zero = Scope.SystemTenantId, people = people.Append("")
                .Distinct(StringComparer.Ordinal)
                .ToArray()
            });
        return new EffectivePreferences(session.Scope.TenantId, rows);
    }

    /// <summary>Returns a preference, or null if it was never set.</summary>
    public static ValueTask<StoredTrainingPreference?> FindAsync(ReadSession session, string tenantId, string userId) =>
        session.FirstOrDefaultAsync<StoredTrainingPreference>(
            $"select {Columns} from training_preferences where tenant_id = @tenantId and env = @Env and user_id = @userId",
            new { tenantId, session.Scope.Env, userId });

    /// <summary>Stores a preference in the transaction of its event. For tenant-0, notifies all nodes.</summary>
    /// <param name="preference">The complete new preference.</param>
    /// <param name="seq">The <c>seq</c> of its event. All later events of the log follow it.</param>
    public static async ValueTask SaveAsync(WriteSession session, StoredTrainingPreference preference, long seq)
    {
        await session.ExecuteAsync(
            """
            insert into training_preferences (tenant_id, env, user_id, opt_out, version, updated_at, updated_by, seq)
            values (@TenantId, @Env, @UserId, @OptOut, @Version, @UpdatedAt, @UpdatedBy, @seq)
            on conflict (tenant_id, env, user_id) do update set opt_out = excluded.opt_out, version = excluded.version,
              updated_at = excluded.updated_at,
              updated_by = excluded.updated_by, seq = excluded.seq
            """,
            new
            {
                preference.TenantId, preference.Env, preference.UserId, preference.OptOut, preference.Version, preference.UpdatedAt,
                preference.UpdatedBy, seq,
            });
        session.BatchState<PreferenceBatchCache>().Invalidate(preference.UserId);
        if (preference.TenantId == Scope.SystemTenantId && preference.UserId.Length == 0)
        {
            await session.NotifyAsync(Topic, preference.Env);
        }
    }
}
