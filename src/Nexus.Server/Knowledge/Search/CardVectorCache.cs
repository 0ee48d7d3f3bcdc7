namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The embeddings of one index's cards: which are in memory, which have not been looked for in the store, and which have to
/// be made. A vector of an earlier revision is forgotten with the change. Safe for many threads.
/// </summary>
internal sealed class CardVectorCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);

    // Null until somebody asks: an index that is searched by words alone holds nothing here.
    private Dictionary<string, long>? _unloaded;
    private VectorIndex? _vectors;

    /// <summary>The vectors in memory; null where there is none.</summary>
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

    /// <summary>How many cards have a vector.</summary>
    public int EmbeddedCount => Index?.Count ?? 0;

    /// <summary>Called after every change of the index.</summary>
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

    /// <summary>Begins to follow the index, at the first call with all its cards.</summary>
    public void EnsureInitialized(Func<IReadOnlyList<(string CardId, long Seq)>> all)
    {
        lock (_lock)
        {
            _unloaded ??= all().ToDictionary(card => card.CardId, card => card.Seq, StringComparer.Ordinal);
        }
    }

    /// <summary>Some revisions to be looked for in the store.</summary>
    public IReadOnlyList<(string CardId, long Seq)> GetUnloaded(int most) => Take(_unloaded, most);

    /// <summary>Some revisions to be embedded.</summary>
    public IReadOnlyList<(string CardId, long Seq)> GetMissing(int most) => Take(_missing, most);

    /// <summary>Takes what the store had of the revisions asked for; the others are missing.</summary>
    public void AddLoaded(IReadOnlyList<(string CardId, long Seq)> asked, IReadOnlyList<(string CardId, long Seq, float[] Vector)> found)
    {
        var vectors = found.ToDictionary(row => (row.CardId, row.Seq), row => row.Vector);
        lock (_lock)
        {
            foreach (var (cardId, seq) in asked)
            {
                if (_unloaded is null || !_unloaded.TryGetValue(cardId, out var unread) || unread != seq)
                {
                    continue;
                }

                _unloaded.Remove(cardId);
                if (!vectors.TryGetValue((cardId, seq), out var vector) || VectorIndex.Normalize(vector) is null || (_vectors is { } known && known.Dimensions != vector.Length))
                {
                    _missing[cardId] = seq;
                    continue;
                }

                _vectors ??= new VectorIndex(vector.Length);
                _vectors.Upsert(cardId, seq, vector);
            }
        }
    }

    /// <summary>Takes a vector that was made. One of other dimensions than the rest says that the model has changed behind its
    /// name, so the rest is missing again.</summary>
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

    /// <summary>Gives a revision up until the service starts again: the model takes no such text.</summary>
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

    /// <summary>Nothing may use it any more.</summary>
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
