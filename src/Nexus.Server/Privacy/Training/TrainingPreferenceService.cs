using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Privacy.Training;

/// <summary>
/// The only place that says whether content may be trained on: asked where every event is made, and again where events leave.
/// A user's and a tenant's word is read in the event's own transaction; only tenant-0's is cached, and counts within 5 s.
/// What cannot be read is never taken as a yes: the read fails, and the append with it.
/// </summary>
internal sealed class TrainingPreferenceService : IAppendStep
{
    private const string Topic = "training_preference";
    private const string Columns = "tenant_id as TenantId, env, user_id as UserId, opt_out as OptOut, version, updated_at as UpdatedAt, updated_by as UpdatedBy";

    private readonly ReadThroughCache<StoredTrainingPreference?> _tenantZero;

    /// <summary>Listens for changes of tenant-0's.</summary>
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
        // What tenant-0 says of itself is its own word, and may be this very write's: it is not kept for others.
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

    /// <summary>All that counts now for some people of a session's tenant and env, read at once.</summary>
    /// <param name="session">A read: what it sees is decided on.</param>
    /// <param name="people">Callers and subjects.</param>
    public static async ValueTask<EffectivePreferences> ReadAsync(ReadSession session, IEnumerable<string> people)
    {
        var rows = await session.QueryAsync<StoredTrainingPreference>(
            $"select {Columns} from training_preferences where ((tenant_id = @TenantId and {session.In("user_id", "people")}) or (tenant_id = @zero and user_id = '')) and env = @Env",
            new { session.Scope.TenantId, session.Scope.Env, zero = Scope.SystemTenantId, people = people.Append("").Distinct(StringComparer.Ordinal).ToArray() });
        return new EffectivePreferences(session.Scope.TenantId, rows);
    }

    /// <summary>One preference, or null.</summary>
    public static ValueTask<StoredTrainingPreference?> FindAsync(ReadSession session, string tenantId, string userId) => session.FirstOrDefaultAsync<StoredTrainingPreference>(
        $"select {Columns} from training_preferences where tenant_id = @tenantId and env = @Env and user_id = @userId", new { tenantId, session.Scope.Env, userId });

    /// <summary>Stores what somebody says, in the write of its event, and tells every node where it is tenant-0's.</summary>
    /// <param name="session">The write.</param>
    /// <param name="said">The whole new preference.</param>
    /// <param name="seq">Of its event: every later event of the log obeys.</param>
    public static async ValueTask SaveAsync(WriteSession session, StoredTrainingPreference said, long seq)
    {
        await session.ExecuteAsync(
            """
            insert into training_preferences (tenant_id, env, user_id, opt_out, version, updated_at, updated_by, seq)
            values (@TenantId, @Env, @UserId, @OptOut, @Version, @UpdatedAt, @UpdatedBy, @seq)
            on conflict (tenant_id, env, user_id) do update set opt_out = excluded.opt_out, version = excluded.version, updated_at = excluded.updated_at,
              updated_by = excluded.updated_by, seq = excluded.seq
            """,
            new { said.TenantId, said.Env, said.UserId, said.OptOut, said.Version, said.UpdatedAt, said.UpdatedBy, seq });
        session.BatchState<PreferenceBatchCache>().Invalidate(said.UserId);
        if (said.TenantId == Scope.SystemTenantId && said.UserId.Length == 0)
        {
            await session.NotifyAsync(Topic, said.Env);
        }
    }
}
