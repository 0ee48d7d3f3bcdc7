namespace Nexus.Server.Platform.Storage;

/// <summary>Times are stored as UTC microseconds since 1970: the finest step both engines and RFC 3339 share.</summary>
internal static class Timestamps
{
    /// <summary>Now, in microseconds.</summary>
    public static long GetUtcNowMicros(this TimeProvider time) => ToMicros(time.GetUtcNow());

    /// <summary>Microseconds of a moment; what is finer is cut off.</summary>
    public static long ToMicros(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The moment of stored microseconds.</summary>
    public static DateTimeOffset FromMicros(long micros) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>A moment as events and exports write it: UTC, always to the microsecond, so that texts sort as moments do.</summary>
    public static string ToRfc3339(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>The moment of stored microseconds, where there is one.</summary>
    public static DateTimeOffset? FromMicros(long? micros) => micros is { } value ? FromMicros(value) : null;
}
