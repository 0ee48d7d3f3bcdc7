using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Audit.Runs;

/// <summary>
/// The contribution of one event to the run of its trace. Appends keep runs up to date, so that the cost of listing them does not
/// depend on the size of the log.
/// </summary>
/// <param name="RecordedAt">Unix microseconds.</param>
internal readonly record struct RunStep(string TraceId, long Seq, long RecordedAt, string EventType)
{
    /// <summary>
    /// Adds the events of one trace and type. A new type is appended to the list of types. A run with very many types (none of
    /// ours has) stops listing new ones.
    /// </summary>
    public const string UpsertSql =
        """
        insert into runs (tenant_id, env, run_id, first_seq, started_at, ended_at, events, cards, atoms, event_types)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (tenant_id, env, run_id) do update set ended_at = excluded.ended_at, events = runs.events + excluded.events,
          cards = runs.cards + excluded.cards, atoms = runs.atoms + excluded.atoms,
          event_types = case when length(runs.event_types) > 4000 or replace(runs.event_types, excluded.event_types, '') <> runs.event_types
            then runs.event_types else runs.event_types || excluded.event_types end
        """;

    /// <summary>Returns the rows of <see cref="UpsertSql"/> for a batch: one per trace and type.</summary>
    public static List<object?[]> BuildRows(Scope scope, List<RunStep> steps)
    {
        var rows = new List<object?[]>(steps.Count);
        if (steps is [var only])
        {
            rows.Add(BuildRow(scope, only, only.RecordedAt, 1));
            return rows;
        }

        var runs = new Dictionary<(string, string), (RunStep First, long EndedAt, long Events)>(steps.Count);
        foreach (var step in steps)
        {
            var key = (step.TraceId, step.EventType);
            runs[key] = runs.TryGetValue(key, out var sofar) ? (sofar.First, step.RecordedAt, sofar.Events + 1) : (step, step.RecordedAt, 1);
        }

        // In log order, so that types are listed in the order in which they first occurred.
        rows.AddRange(runs.Values.OrderBy(run => run.First.Seq).Select(run => BuildRow(scope, run.First, run.EndedAt, run.Events)));
        return rows;
    }

    private static object?[] BuildRow(Scope scope, in RunStep first, long endedAt, long events) =>
    [
        scope.TenantId, scope.Env, first.TraceId, first.Seq, first.RecordedAt, endedAt, events,
        first.EventType == "card_created" ? events : 0L, first.EventType == "atom_created" ? events : 0L, $"|{first.EventType}|",
    ];
}
