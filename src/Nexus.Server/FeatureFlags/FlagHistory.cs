using Nexus.Server.Audit.Events;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.FeatureFlags;

/// <summary>A place in a tenant's log, or a time.</summary>
/// <param name="Seq">The place: with that event; null for a time.</param>
/// <param name="Time">The time, where it is one.</param>
internal sealed record FlagMoment(long? Seq, DateTimeOffset Time)
{
    private static readonly string[] _timeFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads a <c>seq</c> or a time; null for anything else.</summary>
    public static FlagMoment? TryParse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) ? new FlagMoment(seq, default)
        : DateTimeOffset.TryParseExact(text, _timeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        ? new FlagMoment(null, time)
        : null;
}

/// <summary>Flags as they were at an earlier moment.</summary>
internal static class FlagHistory
{
    /// <summary>The flags as they were; null for a place that the log has not reached.</summary>
    /// <param name="session">A read of the tenant and env.</param>
    /// <param name="at">When.</param>
    /// <param name="now">Microseconds.</param>
    public static async ValueTask<FlagConfiguration?> FindAtAsync(ReadSession session, FlagMoment at, long now)
    {
        if (at.Seq is not { } seq)
        {
            return await FlagCache.ReadAtAsync(session, Math.Min(Timestamps.ToMicros(at.Time), now), long.MaxValue);
        }

        return await StoredEventReader.FindRecordedAtAsync(session, seq) is { } time
            ? await FlagCache.ReadAtAsync(session, time, seq)
            : null;
    }
}
