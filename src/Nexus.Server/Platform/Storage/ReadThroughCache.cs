using System.Collections.Concurrent;

namespace Nexus.Server.Platform.Storage;

/// <summary>
/// A read-through cache of rare configuration. Every key holds its tenant, and env where there is one. What is older than the given age
/// is read again; a change drops its key at once.
/// </summary>
/// <remarks>
/// A value read before a change and stored after its drop would outlive it, so a read stores only if nothing was dropped meanwhile.
/// The cache is emptied when it holds <see cref="MaxEntries"/> keys: a flood of strangers costs reads, never memory.
/// </remarks>
internal sealed class ReadThroughCache<T>(TimeSpan maxAge, TimeProvider time)
{
    private const int MaxEntries = 50_000;

    private readonly ConcurrentDictionary<string, (T Value, long ReadAt)> _values = new(StringComparer.Ordinal);
    private long _invalidations;

    /// <summary>The value of a key, read where it is not known or too old.</summary>
    public ValueTask<T> GetAsync(string key, Func<ValueTask<T>> read)
    {
        if (_values.TryGetValue(key, out var known) && time.GetElapsedTime(known.ReadAt) < maxAge)
        {
            return new(known.Value);
        }

        return ReadAsync(key, read);
    }

    /// <summary>Forgets a key.</summary>
    public void Invalidate(string key)
    {
        Interlocked.Increment(ref _invalidations);
        _values.TryRemove(key, out _);
    }

    private async ValueTask<T> ReadAsync(string key, Func<ValueTask<T>> read)
    {
        var (drops, readAt) = (Interlocked.Read(ref _invalidations), time.GetTimestamp());
        var value = await read();
        if (_values.Count >= MaxEntries)
        {
            _values.Clear();
        }

        if (drops == Interlocked.Read(ref _invalidations))
        {
            _values[key] = (value, readAt);
            if (drops != Interlocked.Read(ref _invalidations))
            {
                _values.TryRemove(key, out _);
            }
        }

        return value;
    }
}
