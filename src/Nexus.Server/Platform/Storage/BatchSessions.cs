namespace Nexus.Server.Platform.Storage;

/// <summary>
/// The sessions of one batch: one for each scope. Two scopes of one tenant and env (with and without other tenants' identity rows) write
/// to one log, so they share their states.
/// </summary>
internal sealed class BatchSessions(WriteTransaction transaction, Func<Scope, IReadOnlyList<IBatchState>> createBatchStates)
{
    private readonly Dictionary<Scope, WriteSession> _sessions = [];
    private readonly Dictionary<(string TenantId, string Env), IReadOnlyList<IBatchState>> _states = [];
    private readonly List<(WriteSession Session, IReadOnlyList<IBatchState> States)> _toFlush = [];

    /// <summary>Those that were opened, in this order.</summary>
    public IReadOnlyCollection<WriteSession> Opened => _sessions.Values;

    /// <summary>The session of a scope. The first of a tenant and env reads what its states start from.</summary>
    public async ValueTask<WriteSession> GetAsync(Scope scope)
    {
        if (_sessions.TryGetValue(scope, out var known))
        {
            return known;
        }

        var isNew = !_states.TryGetValue((scope.TenantId, scope.Env), out var states);
        states ??= _states[(scope.TenantId, scope.Env)] = createBatchStates(scope);
        var session = _sessions[scope] = transaction.CreateSession(scope, states);
        if (isNew)
        {
            _toFlush.Add((session, states));
            foreach (var state in states)
            {
                await state.BeginAsync(session);
            }
        }

        return session;
    }

    /// <summary>Stores what the writes added to the states: one round trip for each tenant and env.</summary>
    public async ValueTask FlushAsync()
    {
        foreach (var (session, states) in _toFlush)
        {
            var statements = new List<BatchStatement>();
            foreach (var state in states)
            {
                statements.AddRange(await state.FlushAsync(session));
            }

            if (statements.Count > 0)
            {
                await session.ExecuteManyAsync(statements);
            }
        }
    }
}
