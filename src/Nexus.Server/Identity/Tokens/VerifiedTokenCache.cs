using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Nexus.Server.Platform.Tenancy;

namespace Nexus.Server.Identity.Tokens;

/// <summary>
/// Caches whom a verified token belongs to until the token expires. Keyed by SHA-256, so neither a memory dump nor the timing of a
/// lookup reveals a token. There are two generations, each limited to half of the bound. When the young one is full it replaces the
/// old one; entries of the old one that are used again move to the young one. So nothing is scanned, the size is bounded, and a
/// flood of tokens costs a token in use at most one verification.
/// </summary>
/// <remarks>Every request does a lookup, so a lookup does not allocate.</remarks>
internal sealed class VerifiedTokenCache(TimeProvider clock, int maxTokens = 10_000)
{
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(ulong A, ulong B, ulong C, ulong D);

    private sealed record Entry(AuthContext Auth, long ExpiresAtTicks);

    private readonly Lock _rotationLock = new();
    private volatile ConcurrentDictionary<Key, Entry> _young = new();
    private volatile ConcurrentDictionary<Key, Entry> _old = new();
    private int _youngCount;

    /// <summary>Number of cached tokens.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>Whom the token belongs to; null if it is not cached or has expired.</summary>
    public AuthContext? Find(ReadOnlySpan<char> token)
    {
        if (!TryComputeKey(token, out var key))
        {
            return null;
        }

        var now = clock.GetUtcNow().UtcTicks;
        if (_young.TryGetValue(key, out var entry))
        {
            return now < entry.ExpiresAtTicks ? entry.Auth : null;
        }

        if (!_old.TryRemove(key, out entry) || now >= entry.ExpiresAtTicks)
        {
            return null;
        }

        Store(key, entry);
        return entry.Auth;
    }

    /// <summary>Caches a token until it expires.</summary>
    public void Add(ReadOnlySpan<char> token, AuthContext who)
    {
        if (who.ExpiresAt > clock.GetUtcNow() && TryComputeKey(token, out var key))
        {
            Store(key, new Entry(who, who.ExpiresAt.UtcTicks));
        }
    }

    private void Store(Key key, Entry entry)
    {
        if (!_young.TryAdd(key, entry))
        {
            _young[key] = entry;
            return;
        }

        if (Interlocked.Increment(ref _youngCount) < maxTokens / 2)
        {
            return;
        }

        lock (_rotationLock)
        {
            if (_youngCount >= maxTokens / 2)
            {
                _old = _young;
                _young = new();
                _youngCount = 0;
            }
        }
    }

    private static bool TryComputeKey(ReadOnlySpan<char> token, out Key key)
    {
        key = default;
        if (token.Length > StrictJwt.MaxCharacters)
        {
            return false;
        }

        Span<byte> ascii = stackalloc byte[token.Length];
        if (Ascii.FromUtf16(token, ascii, out _) != OperationStatus.Done)
        {
            return false;
        }

        Span<ulong> digest = stackalloc ulong[4];
        SHA256.HashData(ascii, MemoryMarshal.AsBytes(digest));
        key = new Key(digest[0], digest[1], digest[2], digest[3]);
        return true;
    }
}
