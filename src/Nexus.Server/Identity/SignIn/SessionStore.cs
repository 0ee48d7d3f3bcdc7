using Nexus.Server.Audit.Events;
using Nexus.Server.Identity.Members;
using Nexus.Server.Identity.Tokens;
using Nexus.Server.Platform.Storage;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.SignIn;

/// <summary>A started or refreshed session, as returned to the caller.</summary>
internal sealed record IssuedSession(string SessionId, string UserId, string RefreshToken);

/// <summary>
/// Sessions of users who sign in here. A session is a family of refresh tokens, each valid for one use. A second use within
/// <see cref="ReuseGracePeriod"/> comes from a client that lost the response, and gets another token. A later one comes from a
/// stolen token or its owner; they cannot be told apart, so the session is revoked.
/// </summary>
internal sealed class SessionStore
{
    /// <summary>The <see cref="WriteSession.NotifyAsync"/> topic for an ended session. The key is its id.</summary>
    private const string Topic = "session";

    private readonly Database _database;
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly ReadThroughCache<bool> _activeCache;

    /// <summary>Subscribes to sessions that end on other nodes.</summary>
    public SessionStore(Database database, EventLog log, AuthOptions options, TimeProvider time)
    {
        (_database, _log, _time) = (database, log, time);
        _lifetime = TimeSpan.FromDays(options.RefreshTokenDays);
        _activeCache = new ReadThroughCache<bool>(MembershipResolver.MaxAge, time);
        database.Changed += (topic, key) =>
        {
            if (topic == Topic)
            {
                _activeCache.Invalidate(key);
            }
        };
    }

    /// <summary>How long after its use a refresh token may be used again.</summary>
    public static TimeSpan ReuseGracePeriod { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Returns whether a session is active. The answer may be up to 5 s old.</summary>
    public ValueTask<bool> IsActiveAsync(string sessionId, CancellationToken cancellationToken) =>
        _activeCache.GetAsync(sessionId, () => _database.ReadAsync(
            Scope.System,
            async session =>
                await session.FirstOrDefaultAsync<int>(
                    "select 1 from sessions where session_id = @sessionId and ended_at is null",
                    new { sessionId }) == 1,
            cancellationToken));

    /// <summary>Starts a session. The caller must have appended the event with the number <paramref name="seq"/>.</summary>
    public async ValueTask<IssuedSession> StartAsync(WriteSession session, string userId, long seq)
    {
        var now = _time.GetUtcNowMicros();
        var sessionId = Id.New();
        await session.ExecuteAsync(
            "insert into sessions (session_id, user_id, created_at, expires_at, seq) values (@sessionId, @userId, @now, @expires, @seq)",
            new { sessionId, userId, now, expires = GetExpiry(), seq });
        // Deletes the user's expired sessions here, so that the tables hold only live ones and no scan is needed.
        await session.ExecuteAsync(
            """
            delete from refresh_tokens where expires_at < @now and session_id in (select session_id from sessions
              where user_id = @userId)
            """,
            new { userId, now });
        await session.ExecuteAsync("delete from sessions where user_id = @userId and expires_at < @now", new { userId, now });
        return new IssuedSession(sessionId, userId, await IssueRefreshTokenAsync(session, sessionId, now));
    }

    /// <summary>Returns whether this is a refresh token, used or not, of an active session.</summary>
    public ValueTask<bool> IsRefreshableAsync(string refreshToken, CancellationToken cancellationToken) => _database.ReadAsync(
        Scope.System,
        async session => await session.FirstOrDefaultAsync<int>(
            """
            select 1 from refresh_tokens t join sessions s on s.session_id = t.session_id
            where t.token_hash = @hash and s.ended_at is null and t.expires_at > @now
            """,
            new { hash = OneTimeToken.Hash(refreshToken), now = _time.GetUtcNowMicros() }) == 1,
        cancellationToken);

    /// <summary>
    /// Uses a refresh token and records the result. Returns null if the token is unknown or expired, its session has ended, or
    /// its reuse has just ended the session.
    /// </summary>
    /// <param name="session">A transaction in the service's own scope.</param>
    /// <param name="caller">Creates the request context for the token's user.</param>
    public async ValueTask<IssuedSession?> RefreshAsync(WriteSession session, string refreshToken, Func<string, RequestContext> caller)
    {
        var hash = OneTimeToken.Hash(refreshToken);
        var found = await session.FirstOrDefaultAsync<RefreshTokenRow>(
            """
            select t.session_id as SessionId, t.used_at as UsedAt, t.expires_at as ExpiresAt, s.user_id as UserId, s.ended_at as EndedAt
            from refresh_tokens t join sessions s on s.session_id = t.session_id where t.token_hash = @hash
            """ + session.ForUpdate,
            new { hash });
        var now = _time.GetUtcNowMicros();
        if (found is null || found.EndedAt is not null || found.ExpiresAt <= now)
        {
            return null;
        }

        var context = caller(found.UserId);
        if (found.UsedAt is { } used && now - used > ReuseGracePeriod.TotalMicroseconds)
        {
            var revoked = await _log.AppendAsync(
                session,
                context,
                new NewEvent("session_revoked", "session", found.SessionId) { Surface = "auth" });
            await EndAsync(session, found.SessionId, revoked.Seq);
            return null;
        }

        var refreshed = await _log.AppendAsync(
            session,
            context,
            new NewEvent("session_refreshed", "session", found.SessionId) { Surface = "auth" });
        await session.ExecuteAsync(
            "update refresh_tokens set used_at = @now where token_hash = @hash and used_at is null",
            new { hash, now });
        await session.ExecuteAsync(
            "update sessions set expires_at = @expires, seq = @Seq where session_id = @SessionId",
            new { expires = GetExpiry(), refreshed.Seq, found.SessionId });
        return new IssuedSession(found.SessionId, found.UserId, await IssueRefreshTokenAsync(session, found.SessionId, now));
    }

    /// <summary>Ends a session. Returns false if it had already ended.</summary>
    public async ValueTask<bool> EndAsync(WriteSession session, string sessionId, long seq)
    {
        await session.NotifyAsync(Topic, sessionId);
        return await session.ExecuteAsync(
            "update sessions set ended_at = @now, seq = @seq where session_id = @sessionId and ended_at is null",
            new { sessionId, seq, now = _time.GetUtcNowMicros() }) == 1;
    }

    /// <summary>Ends all sessions of a user except one, if given.</summary>
    public async ValueTask EndAllAsync(WriteSession session, string userId, string? but, long seq)
    {
        foreach (var id in await session.QueryAsync<string>(
            "select session_id from sessions where user_id = @userId and ended_at is null", new { userId }))
        {
            if (id != but)
            {
                await EndAsync(session, id, seq);
            }
        }
    }

    private async ValueTask<string> IssueRefreshTokenAsync(WriteSession session, string sessionId, long now)
    {
        // Otherwise a session that keeps refreshing would keep all its tokens.
        await session.ExecuteAsync(
            "delete from refresh_tokens where session_id = @sessionId and expires_at < @now",
            new { sessionId, now });
        var token = OneTimeToken.Generate("nxr_");
        await session.ExecuteAsync(
            "insert into refresh_tokens (token_hash, session_id, created_at, expires_at) values (@hash, @sessionId, @now, @expires)",
            new { hash = OneTimeToken.Hash(token), sessionId, now, expires = GetExpiry() });
        return token;
    }

    private long GetExpiry() => Timestamps.ToMicros(_time.GetUtcNow() + _lifetime);

    private sealed class RefreshTokenRow
    {
        public string SessionId { get; init; } = "";

        public string UserId { get; init; } = "";

        public long? UsedAt { get; init; }

        public long ExpiresAt { get; init; }

        public long? EndedAt { get; init; }
    }
}
