using System.Numerics.Tensors;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The embeddings of one tenant and env in memory, searched exactly: every vector is compared. Vectors are kept at
/// length 1, so that a dot product is the cosine. Safe for many threads.
/// </summary>
internal sealed class VectorIndex(int dimensions) : IDisposable
{
    // Rows come in blocks, so that growing copies nothing and no array is larger than a few megabytes.
    private const int BlockRows = 1_024;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly List<float[]> _blocks = [];
    private readonly List<(string CardId, long Seq)> _rows = [];
    private readonly Dictionary<string, int> _rowByCard = new(StringComparer.Ordinal);

    /// <summary>How many numbers a vector has.</summary>
    public int Dimensions { get; } = dimensions;

    /// <summary>How many cards have a vector.</summary>
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

    /// <summary>The cards that have a vector and the revisions those are of.</summary>
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

    /// <summary>The vector at length 1, or null for one without a direction (zeros, or numbers that are not finite).</summary>
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

    /// <summary>Sets a card's vector, unless that of a later revision is there.</summary>
    /// <exception cref="ArgumentException">The vector has other dimensions or no direction.</exception>
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

    /// <summary>Forgets a card's vector and overwrites it; false where there is none.</summary>
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

    /// <summary>The cards nearest to a vector, the nearest first, ties by id.</summary>
    /// <param name="vector">Of the index's dimensions, at length 1.</param>
    /// <param name="topK">How many at most.</param>
    /// <param name="accept">Asked of a card only when it would be among the best.</param>
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

    /// <summary>The cosines of the given cards that have a vector.</summary>
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

    /// <summary>Nothing may use the index any more.</summary>
    public void Dispose() => _lock.Dispose();

    private static readonly Comparer<VectorHit> _worstFirst = Comparer<VectorHit>.Create((a, b) =>
        a.Score != b.Score ? a.Score.CompareTo(b.Score) : string.CompareOrdinal(b.CardId, a.CardId));

    private Span<float> GetVector(int row) => _blocks[row / BlockRows].AsSpan(row % BlockRows * Dimensions, Dimensions);
}

/// <summary>A card and the cosine of its vector with the one asked about.</summary>
internal readonly record struct VectorHit(string CardId, double Score);

/// <summary>The nearest cards, with how the cosines of all cards are spread.</summary>
internal sealed record VectorHits(IReadOnlyList<VectorHit> Hits, double Mean, double StandardDeviation);
