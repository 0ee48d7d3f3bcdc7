using Nexus.Server.Platform.Http;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>What was on then: a place in the tenant's log, or a time.</summary>
internal static class FlagHistory
{
    private static readonly string[] _timeFormats = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>The flags as they were.</summary>
    /// <param name="session">A read of the tenant and env.</param>
    /// <param name="at">A <c>seq</c>: with that event; or a time.</param>
    /// <param name="now">Microseconds.</param>
    /// <exception cref="ProblemException">422 <c>at.invalid</c>, 404 for a place that the log has not reached.</exception>
    public static async ValueTask<FlagConfiguration> ReadAtAsync(ReadSession session, string at, long now)
    {
        if (long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            var recordedAt = await session.FirstOrDefaultAsync<long?>(
                "select recorded_at from events where tenant_id = @TenantId and env = @Env and seq = @seq", new { session.Scope.TenantId, session.Scope.Env, seq });
            return recordedAt is { } time ? await FlagCache.ReadAtAsync(session, time, seq) : throw new ProblemException(Problem.NotFound);
        }

        return DateTimeOffset.TryParseExact(at, _timeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? await FlagCache.ReadAtAsync(session, Math.Min(Timestamps.ToMicros(moment), now), long.MaxValue)
            : throw new ProblemException(Problem.Invalid("at.invalid", "at", "must be a seq or a time such as 2026-01-31T00:00:00Z."));
    }
}
