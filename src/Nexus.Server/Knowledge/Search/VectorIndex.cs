using System.Numerics.Tensors;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The embeddings of one tenant and env, held in memory and searched exactly: every vector is compared. Vectors are normalized to
/// length 1, so the dot product is the cosine similarity. Thread-safe.
/// </summary>
internal sealed class VectorIndex(int dimensions) : IDisposable
{
    // Rows are allocated in blocks, so that growing copies nothing and no array exceeds a few megabytes.
    private const int BlockRows = 1_024;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly List<float[]> _blocks = [];
    private readonly List<(string CardId, long Seq)> _rows = [];
    private readonly Dictionary<string, int> _rowByCard = new(StringComparer.Ordinal);

    /// <summary>The number of components of a vector.</summary>
    public int Dimensions { get; } = dimensions;

    /// <summary>The number of cards with a vector.</summary>
    public int Count
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return _rows.Count;
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>The cards with a vector, and the revision of each.</summary>
    public IReadOnlyList<(string CardId, long Seq)> Cards
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return [.. _rows];
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>Returns the vector normalized to length 1, or null if that is not possible (zero or non-finite).</summary>
    public static float[]? Normalize(ReadOnlySpan<float> vector)
    {
        var norm = TensorPrimitives.Norm(vector);
        if (!float.IsFinite(norm) || norm == 0)
        {
            return null;
        }

        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector, norm, unit);
        return unit;
    }

    /// <summary>Sets a card's vector unless the vector of a later revision is present.</summary>
    /// <exception cref="ArgumentException">The vector has other dimensions, or cannot be normalized.</exception>
    public void Upsert(string cardId, long seq, ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException("The vector has other dimensions.", nameof(vector));
        }

        var unit = Normalize(vector) ?? throw new ArgumentException("The vector has no direction.", nameof(vector));
        _lock.EnterWriteLock();
        try
        {
            if (!_rowByCard.TryGetValue(cardId, out var row))
            {
                row = _rows.Count;
                if (row == _blocks.Count * BlockRows)
                {
                    _blocks.Add(new float[BlockRows * Dimensions]);
                }

                _rows.Add((cardId, seq));
                _rowByCard.Add(cardId, row);
            }
            else if (_rows[row].Seq > seq)
            {
                return;
            }

            _rows[row] = (cardId, seq);
            unit.CopyTo(GetVector(row));
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Removes a card's vector and overwrites its memory. Returns false if there is none.</summary>
    public bool Remove(string cardId)
    {
        _lock.EnterWriteLock();
        try
        {
            if (!_rowByCard.Remove(cardId, out var row))
            {
                return false;
            }

            var last = _rows.Count - 1;
            if (row != last)
            {
                GetVector(last).CopyTo(GetVector(row));
                _rows[row] = _rows[last];
                _rowByCard[_rows[row].CardId] = row;
            }

            GetVector(last).Clear();
            _rows.RemoveAt(last);
            if (last % BlockRows == 0)
            {
                _blocks.RemoveAt(_blocks.Count - 1);
            }

            return true;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Returns the cards nearest to a vector, nearest first, ties by id.</summary>
    /// <param name="vector">A vector with the index's dimensions, normalized to length 1.</param>
    /// <param name="topK">The maximum number of hits.</param>
    /// <param name="accept">Filters cards. Called only for cards that would be among the best.</param>
    public VectorHits Search(ReadOnlySpan<float> vector, int topK, Func<string, bool> accept)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException("The vector has other dimensions.", nameof(vector));
        }

        var best = new PriorityQueue<VectorHit, VectorHit>(_worstFirst);
        double sum = 0, squares = 0;
        _lock.EnterReadLock();
        try
        {
            for (var row = 0; row < _rows.Count; row++)
            {
                var score = TensorPrimitives.Dot(vector, GetVector(row));
                sum += score;
                squares += score * score;
                var hit = new VectorHit(_rows[row].CardId, score);
                if (best.Count == topK && _worstFirst.Compare(hit, best.Peek()) <= 0)
                {
                    continue;
                }

                if (!accept(hit.CardId))
                {
                    continue;
                }

                if (best.Count == topK)
                {
                    best.DequeueEnqueue(hit, hit);
                }
                else
                {
                    best.Enqueue(hit, hit);
                }
            }

            var hits = new VectorHit[best.Count];
            for (var i = hits.Length - 1; i >= 0; i--)
            {
                hits[i] = best.Dequeue();
            }

            var mean = _rows.Count == 0 ? 0 : sum / _rows.Count;
            return new VectorHits(hits, mean, _rows.Count == 0 ? 0 : Math.Sqrt(Math.Max(0, (squares / _rows.Count) - (mean * mean))));
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Returns the similarities of those cards that have a vector.</summary>
    public IReadOnlyList<double> GetScores(ReadOnlySpan<float> vector, IReadOnlyList<string> cardIds)
    {
        var scores = new List<double>();
        _lock.EnterReadLock();
        try
        {
            foreach (var cardId in cardIds)
            {
                if (_rowByCard.TryGetValue(cardId, out var row))
                {
                    scores.Add(TensorPrimitives.Dot(vector, GetVector(row)));
                }
            }
        }
        finally
        {
            _lock.ExitReadLock();
        }

        return scores;
    }

    public void Dispose() => _lock.Dispose();

    private static readonly Comparer<VectorHit> _worstFirst = Comparer<VectorHit>.Create((a, b) =>
        a.Score != b.Score ? a.Score.CompareTo(b.Score) : string.CompareOrdinal(b.CardId, a.CardId));

    private Span<float> GetVector(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * Dimensions, Dimensions);
}

/// <summary>A card and its cosine similarity to the query.</summary>
internal readonly record struct VectorHit(string CardId, double Score);

/// <summary>The nearest cards, with the mean and standard deviation of all similarities.</summary>
internal sealed record VectorHits(IReadOnlyList<VectorHit> Hits, double Mean, double StandardDeviation);
