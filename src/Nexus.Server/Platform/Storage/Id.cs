using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Nexus.Server.Platform.Storage;

/// <summary>
/// Ids of everything this service makes: UUIDv7 in lower-case hyphenated form, unguessable, and in the order in which this process
/// made them, so that newest first by id is newest first.
/// </summary>
internal static class Id
{
    private static long _last;

    /// <summary>
    /// A new id. The 12 bits after its milliseconds count 4,096ths of one (RFC 9562, method 3), and never stand still or go back.
    /// </summary>
    public static string New() => New(TimeProvider.System);

    /// <summary>A new id of a clock's time.</summary>
    internal static string New(TimeProvider time)
    {
        const int Steps = 4096;
        var since = time.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var now = (since / TimeSpan.TicksPerMillisecond * Steps)
            + (since % TimeSpan.TicksPerMillisecond * Steps / TimeSpan.TicksPerMillisecond);
        var last = Volatile.Read(ref _last);
        while (true)
        {
            var next = Math.Max(now, last + 1);
            var seen = Interlocked.CompareExchange(ref _last, next, last);
            if (seen == last)
            {
                return Make(next / Steps, (int)(next % Steps));
            }

            last = seen;
        }
    }

    private static string Make(long milliseconds, int fraction)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, (milliseconds << 16) | 0x7000L | (long)fraction);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
