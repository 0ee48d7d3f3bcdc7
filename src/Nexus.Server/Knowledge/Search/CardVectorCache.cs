namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Tracks the embeddings of one index's cards: which are in memory, which have not been looked up in the store, and which must be
/// computed. A change of a card drops its vector. Thread-safe.
/// </summary>
internal sealed class CardVectorCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);

    // Null until embeddings are first needed, so that an index searched only by words uses no memory here.
    private Dictionary<string, long>? _unloaded;
    private VectorIndex? _vectors;

    /// <summary>The vectors in memory; null if there are none.</summary>
    public VectorIndex? Index
    {
        get
        {
            lock (_lock)
            {
                return _vectors;
            }
        }
    }

    public int EmbeddedCount => Index?.Count ?? 0;

    /// <summary>Must be called after every change of the index.</summary>
    public void ApplyChanges(IReadOnlyList<IndexedCard> changes)
    {
        lock (_lock)
        {
            if (_unloaded is null)
            {
                return;
            }

            foreach (var change in changes)
            {
                _vectors?.Remove(change.CardId);
                _missing.Remove(change.CardId);
                _unloaded.Remove(change.CardId);
                if (!change.Deleted)
                {
                    _unloaded.Add(change.CardId, change.Seq);
                }
            }
        }
    }

    /// <summary>Starts tracking. The first call loads all cards of the index.</summary>
    public void EnsureInitialized(Func<IReadOnlyList<(string CardId, long Seq)>> all)
    {
        lock (_lock)
        {
            _unloaded ??= all().ToDictionary(card => card.CardId, card => card.Seq, StringComparer.Ordinal);
        }
    }

    /// <summary>Returns some revisions that have not been looked up in the store.</summary>
    public IReadOnlyList<(string CardId, long Seq)> GetUnloaded(int most) => Take(_unloaded, most);

    /// <summary>Returns some revisions that must be embedded.</summary>
    public IReadOnlyList<(string CardId, long Seq)> GetMissing(int most) => Take(_missing, most);

    /// <summary>Adds the vectors found in the store for the requested revisions. The other revisions become missing.</summary>
    public void AddLoaded(
        IReadOnlyList<(string CardId, long Seq)> requested, IReadOnlyList<(string CardId, long Seq, float[] Vector)> found)
    {
        var vectors = found.ToDictionary(row => (row.CardId, row.Seq), row => row.Vector);
        lock (_lock)
        {
            foreach (var (cardId, seq) in requested)
            {
                if (_unloaded is null || !_unloaded.TryGetValue(cardId, out var unread) || unread != seq)
                {
                    continue;
                }

                _unloaded.Remove(cardId);
                if (!vectors.TryGetValue((cardId, seq), out var vector)
                    || VectorIndex.Normalize(vector) is null
                    || (_vectors is { } known && known.Dimensions != vector.Length))
                {
                    _missing[cardId] = seq;
                    continue;
                }

                _vectors ??= new VectorIndex(vector.Length);
                _vectors.Upsert(cardId, seq, vector);
            }
        }
    }

    /// <summary>
    /// Adds a computed vector. Other dimensions than before mean that the model behind the name has changed, so all other vectors
    /// become missing.
    /// </summary>
    public void AddEmbedded(string cardId, long seq, ReadOnlySpan<float> vector)
    {
        lock (_lock)
        {
            if (!_missing.TryGetValue(cardId, out var missing) || missing != seq)
            {
                return;
            }

            _missing.Remove(cardId);
            if (_vectors is { } other && other.Dimensions != vector.Length)
            {
                foreach (var (of, revision) in other.Cards)
                {
                    _missing[of] = revision;
                }

                _vectors = null;
            }

            _vectors ??= new VectorIndex(vector.Length);
            _vectors.Upsert(cardId, seq, vector);
        }
    }

    /// <summary>Skips a revision the model cannot embed, until the service restarts.</summary>
    public void MarkRejected(string cardId, long seq)
    {
        lock (_lock)
        {
            if (_missing.TryGetValue(cardId, out var missing) && missing == seq)
            {
                _missing.Remove(cardId);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _vectors?.Dispose();
        }
    }

    private IReadOnlyList<(string CardId, long Seq)> Take(Dictionary<string, long>? of, int most)
    {
        lock (_lock)
        {
            return of is null ? [] : [.. of.Take(most).Select(card => (card.Key, card.Value))];
        }
    }
}
