using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Runs;

/// <summary>
/// What the events of one batch add to their runs. The append keeps runs up to date, so that listing them costs the page that is listed
/// and not the log.
/// </summary>
internal sealed class RunBatchState(Scope scope) : IBatchState
{
    /// <summary>
    /// Adds the events of one trace and type. A type that is new to the run is put after the others; a run with more than 4,000
    /// characters of types stops listing new ones.
    /// </summary>
    private const string UpsertSql =
        """
        insert into runs (tenant_id, env, run_id, first_seq, started_at, ended_at, events, cards, atoms, event_types)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (tenant_id, env, run_id) do update set ended_at = excluded.ended_at, events = runs.events + excluded.events,
          cards = runs.cards + excluded.cards, atoms = runs.atoms + excluded.atoms,
          event_types = case when length(runs.event_types) > 4000 or replace(runs.event_types, excluded.event_types, '') <> runs.event_types
            then runs.event_types else runs.event_types || excluded.event_types end
        """;

    private readonly List<LoggedEvent> _events = [];
    private int _savepoint;

    /// <summary>Takes note of an event.</summary>
    public void Add(in LoggedEvent appended) => _events.Add(appended);

    /// <inheritdoc />
    public ValueTask BeginAsync(WriteSession session) => ValueTask.CompletedTask;

    /// <inheritdoc />
    public void CreateSavepoint() => _savepoint = _events.Count;

    /// <inheritdoc />
    public void RollbackToSavepoint() => _events.RemoveRange(_savepoint, _events.Count - _savepoint);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<BatchStatement>> FlushAsync(WriteSession session) =>
        new(_events.Count == 0 ? [] : [new BatchStatement(UpsertSql, BuildRows())]);

    /// <summary>One row for each trace and type of the batch.</summary>
    private List<object?[]> BuildRows()
    {
        if (_events is [var only])
        {
            return [BuildRow(only, only.RecordedAt, 1)];
        }

        var runs = new Dictionary<(string, string), (LoggedEvent First, long EndedAt, long Count)>(_events.Count);
        foreach (var appended in _events)
        {
            var key = (appended.TraceId, appended.EventType);
            runs[key] = runs.TryGetValue(key, out var run)
                ? (run.First, appended.RecordedAt, run.Count + 1)
                : (appended, appended.RecordedAt, 1);
        }

        // In the log's order, so that a run lists its types in the order in which they happened.
        return [.. runs.Values.OrderBy(run => run.First.Seq).Select(run => BuildRow(run.First, run.EndedAt, run.Count))];
    }

    private object?[] BuildRow(in LoggedEvent first, long endedAt, long count) =>
    [
        scope.TenantId, scope.Env, first.TraceId, first.Seq, first.RecordedAt, endedAt, count,
        first.EventType == "card_created" ? count : 0L, first.EventType == "atom_created" ? count : 0L, $"|{first.EventType}|",
    ];
}
