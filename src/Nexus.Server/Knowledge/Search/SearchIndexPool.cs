using System.Buffers;
using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Reads a tenant's next card changes after a position. Returns null if the log does not, or no longer, contain the event at that
/// position.
/// </summary>
internal delegate ValueTask<CardChangePage?> ReadCardChanges(IndexPosition position, CancellationToken cancellationToken);

/// <summary>
/// The open search indexes, one per tenant and env, at <c>{folder}/{tenant}/{env}.db</c>. At most <paramref name="mostOpen"/>
/// stay open; the least recently used that is not in use is closed first. Thread-safe. Only one process may use the folder.
/// </summary>
internal sealed class SearchIndexPool(string folder, int mostOpen = 64) : IDisposable
{
    /// <summary>The maximum number of changes in a page.</summary>
    public const int MaxPageChanges = 1_000;

    private static readonly SearchValues<char> _nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    // A stripe is held while one of its indexes is opened, closed or deleted. The lock is held only for access to the table.
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string Env), OpenIndex> _open = [];
    private readonly CancellationTokenSource _stopping = new();
    private long _useCounter;
    private bool _disposed;

    /// <summary>
    /// Brings the index up to date with everything committed before the call, then uses it. A file that is damaged or follows
    /// another log is rebuilt once.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The disk is full or fails.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled, or the service is stopping.</exception>
    public async ValueTask<T> WithIndexAsync<T>(
        string tenant, string env, ReadCardChanges changes, Func<SearchIndex, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await WithCurrentIndexAsync((tenant, env), changes, use, cancellationToken);
        }
        catch (Exception failure) when (IndexFile.IsStorageFailure(failure))
        {
            throw new StoreUnavailableException("A search index cannot be used.", failure);
        }
    }

    /// <summary>Deletes an index and its file as soon as it is no longer in use. The next search builds it again.</summary>
    public async ValueTask DropAsync(string tenant, string env, CancellationToken cancellationToken)
    {
        var key = (tenant, env);
        OpenIndex? open;
        lock (GetStripe(key))
        {
            lock (_lock)
            {
                if (_open.TryGetValue(key, out open))
                {
                    open.IsMarkedForDeletion = true;
                }
            }

            if (open is null)
            {
                IndexFile.Delete(GetPath(key));
            }
        }

        if (open is null)
        {
            return;
        }

        Close(key);
        await open.Closed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Returns every tenant and env with an index file, open or not.</summary>
    public IReadOnlyList<(string Tenant, string Env)> ListStored() => !Directory.Exists(folder) ? [] :
    [
        .. from tenant in Directory.EnumerateDirectories(folder)
           from file in Directory.EnumerateFiles(tenant, "*.db")
           select (Path.GetFileName(tenant), Path.GetFileNameWithoutExtension(file)),
    ];

    /// <summary>The number of open indexes.</summary>
    public int OpenCount
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Closes idle indexes. Those in use are closed when they are released.</summary>
    public void Dispose()
    {
        List<(string, string)> keys;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            keys = [.. _open.Keys];
        }

        _stopping.Cancel();
        foreach (var key in keys)
        {
            Close(key);
        }

        _stopping.Dispose();
    }

    private async ValueTask<T> WithCurrentIndexAsync<T>(
        (string Tenant, string Env) key, ReadCardChanges changes, Func<SearchIndex, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var open = await LeaseAsync(key, cancellationToken);
            var caughtUp = open.CatchUp.RunAsync(() => CatchUpAsync(open.Index, changes));
            try
            {
                await caughtUp.WaitAsync(cancellationToken);
                return await use(open.Index);
            }
            catch (SqliteException failure) when (attempt == 0 && IndexFile.IsCorruption(failure))
            {
                lock (_lock)
                {
                    open.IsMarkedForDeletion = true;
                }
            }
            finally
            {
                // A caller that gave up leaves its lease to the run it started: others may wait for that.
                if (caughtUp.IsCompleted)
                {
                    ReleaseLease(key, open);
                }
                else
                {
                    _ = caughtUp.ContinueWith(_ => ReleaseLease(key, open), TaskScheduler.Default);
                }
            }
        }
    }

    private async Task CatchUpAsync(SearchIndex index, ReadCardChanges changes)
    {
        CardChangePage next;
        do
        {
            next = await changes(index.Position, _stopping.Token) ?? throw IndexFile.CreateForeignLogException();
            index.Apply(next);
        }
        while (next.HasMore);
    }

    private async ValueTask<OpenIndex> LeaseAsync((string Tenant, string Env) key, CancellationToken cancellationToken)
    {
        while (true)
        {
            OpenIndex? open;
            bool leased;
            lock (_lock)
            {
                leased = TryLease(key, out open);
            }

            if (open is null)
            {
                lock (GetStripe(key))
                {
                    lock (_lock)
                    {
                        leased = TryLease(key, out open);
                    }

                    if (open is null)
                    {
                        var opened = new OpenIndex(SearchIndex.Open(GetPath(key)));
                        lock (_lock)
                        {
                            _open.Add(key, open = opened);
                            open.Leases = 1;
                            open.LastUse = ++_useCounter;
                            leased = true;
                        }
                    }
                }
            }

            if (leased)
            {
                return open;
            }

            await open.Closed.Task.WaitAsync(cancellationToken);
        }
    }

    // False with an index: it is about to be deleted. False without one: it is not open.
    private bool TryLease((string Tenant, string Env) key, out OpenIndex? open)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_open.TryGetValue(key, out open) || open.IsMarkedForDeletion)
        {
            return false;
        }

        open.Leases++;
        open.LastUse = ++_useCounter;
        return true;
    }

    private void ReleaseLease((string Tenant, string Env) key, OpenIndex open)
    {
        bool last;
        lock (_lock)
        {
            last = --open.Leases == 0 && (open.IsMarkedForDeletion || _disposed);
        }

        if (last)
        {
            Close(key);
        }
        // Again until it is enough: two that come back at once may have chosen the same index to close.
        while (FindEvictionCandidate() is { } closing)
        {
            Close(closing);
        }
    }

    private (string Tenant, string Env)? FindEvictionCandidate()
    {
        lock (_lock)
        {
            return _open.Count > mostOpen ? FindLeastRecentlyUsed() : null;
        }
    }

    private (string Tenant, string Env)? FindLeastRecentlyUsed()
    {
        var idle = _open.Where(open => open.Value.Leases == 0).ToList();
        return idle.Count == 0 ? null : idle.MinBy(open => open.Value.LastUse).Key;
    }

    private void Close((string Tenant, string Env) key)
    {
        lock (GetStripe(key))
        {
            OpenIndex? open;
            lock (_lock)
            {
                if (!_open.TryGetValue(key, out open) || open.Leases > 0)
                {
                    return;
                }

                _open.Remove(key);
            }

            try
            {
                open.Index.Dispose();
                if (open.IsMarkedForDeletion)
                {
                    IndexFile.Delete(GetPath(key));
                }
            }
            finally
            {
                open.Closed.TrySetResult();
            }
        }
    }

    private Lock GetStripe((string Tenant, string Env) key) => _stripes[(uint)key.GetHashCode() % (uint)_stripes.Length];

    private string GetPath((string Tenant, string Env) key)
    {
        if (key.Tenant.AsSpan().ContainsAnyExcept(_nameCharacters) || key.Env.AsSpan().ContainsAnyExcept(_nameCharacters))
        {
            throw new ArgumentException("Not a tenant and env.", nameof(key));
        }

        return Path.Combine(folder, key.Tenant, key.Env + ".db");
    }

    private sealed class OpenIndex(SearchIndex index)
    {
        public SearchIndex Index { get; } = index;

        public CoalescingRunner CatchUp { get; } = new();

        public int Leases { get; set; }

        public long LastUse { get; set; }

        /// <summary>No more leases are given. The file is deleted when the last one is released.</summary>
        public bool IsMarkedForDeletion { get; set; }

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
