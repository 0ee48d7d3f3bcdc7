namespace Nexus.Bench;

/// <summary>Time as the stores keep it: microseconds since 1970, UTC.</summary>
internal static class Clock
{
    public static long Microseconds() =>
        (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
