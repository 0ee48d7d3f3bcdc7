using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The search index of one tenant and env: an SQLite FTS5 file that follows the tenant's card changes. It holds nothing
/// that cannot be read again from the store, so the file may be deleted whenever it is not open. Safe for many threads.
/// </summary>
internal sealed class SearchIndex : IDisposable
{
    private readonly string _path;
    private readonly Lock _writeLock = new();
    private readonly PreparedConnection _writer;
    private readonly ReaderWriterLockSlim _readerLock = new();
    private readonly ConcurrentBag<IndexReader> _idleReaders = [];
    private IndexPosition _position;
    private bool _needsScrub;

    private SearchIndex(string path, PreparedConnection writer)
    {
        _path = path;
        _writer = writer;
        using var progress = _writer["SELECT seq, mark FROM progress"].ExecuteReader();
        progress.Read();
        _position = new IndexPosition(progress.GetInt64(0), progress.GetFieldValue<byte[]>(1), IsVerified: false);
    }

    /// <summary>How far it is.</summary>
    public IndexPosition Position => Volatile.Read(ref _position);

    /// <summary>The embeddings of its cards. In memory only, and as far as somebody asked for them.</summary>
    public CardVectorCache Vectors { get; } = new();

    /// <summary>Opens the index, making it where the file is absent, damaged or of another version. One process and one
    /// instance at a time.</summary>
    public static SearchIndex Open(string path) => new(path, IndexFile.OpenWriter(path));

    /// <summary>Applies a page's changes in order and moves on to its end, all or nothing. Changes that it has already are passed
    /// over. When it returns, nothing of a deleted card is left in the file or its journal.</summary>
    public void Apply(CardChangePage page)
    {
        lock (_writeLock)
        {
            if (page.Seq > _position.Seq)
            {
                _writer["BEGIN IMMEDIATE"].ExecuteNonQuery();
                try
                {
                    foreach (var change in page.Changes)
                    {
                        if (change.Seq <= _position.Seq) continue;
                        _needsScrub |= Remove(change.CardId) && change.Deleted;
                        if (!change.Deleted) Add(change);
                    }

                    _writer["UPDATE progress SET seq = $0, mark = $1", page.Seq, page.LeafHash].ExecuteNonQuery();
                    _writer["COMMIT"].ExecuteNonQuery();
                }
                catch
                {
                    RollBack();
                    throw;
                }

                Vectors.ApplyChanges(page.Changes);
            }

            Volatile.Write(ref _position, page.Seq < _position.Seq ? _position : new IndexPosition(page.Seq, page.LeafHash, IsVerified: true));
            if (_needsScrub) Scrub();
        }
    }

    /// <summary>
    /// Makes the file anew out of what is left in it, and empties its journal: pages keep bytes of rows that were moved between them, which
    /// overwriting the rows where they ended does not reach. Waits for readers; for erasures alone.
    /// </summary>
    /// <returns>False where another process reads the file.</returns>
    public bool Compact()
    {
        lock (_writeLock)
        {
            _readerLock.EnterWriteLock();
            try
            {
                _writer["VACUUM"].ExecuteNonQuery();
            }
            finally
            {
                _readerLock.ExitWriteLock();
            }

            _needsScrub = true;
            Scrub();
            return !_needsScrub;
        }
    }

    /// <inheritdoc cref="IndexReader.Search"/>
    public IReadOnlyList<CardHit> Search(LexicalQuery query) => Read(reader => reader.Search(query));

    /// <summary>Asks the index on a connection lent for the time of the call.</summary>
    public T Read<T>(Func<IndexReader, T> read)
    {
        _readerLock.EnterReadLock();
        try
        {
            var reader = _idleReaders.TryTake(out var idle) ? idle : new IndexReader(_path);
            try
            {
                return read(reader);
            }
            finally
            {
                if (_idleReaders.Count < Environment.ProcessorCount) _idleReaders.Add(reader);
                else reader.Dispose();
            }
        }
        finally
        {
            _readerLock.ExitReadLock();
        }
    }

    public void Dispose()
    {
        while (_idleReaders.TryTake(out var reader)) reader.Dispose();
        _writer.Dispose();
        _readerLock.Dispose();
        Vectors.Dispose();
    }

    // What was deleted is overwritten in the file by secure_delete, but the journal keeps the pages as they were until it
    // is truncated, which needs a moment without readers. Another process that reads the file puts that off to the next
    // catch-up.
    private void Scrub()
    {
        _readerLock.EnterWriteLock();
        try
        {
            using var result = _writer["PRAGMA wal_checkpoint(TRUNCATE)"].ExecuteReader();
            _needsScrub = !result.Read() || result.GetInt64(0) != 0;
        }
        finally
        {
            _readerLock.ExitWriteLock();
        }
    }

    private void RollBack()
    {
        try
        {
            _writer["ROLLBACK"].ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself; the failure that led here is the one to tell.
        }
    }

    private bool Remove(string cardId)
    {
        long doc;
        IReadOnlySet<(string Key, string Value)> filters;
        using (var row = _writer["SELECT doc, card_type, version, header FROM docs WHERE card_id = $0", cardId].ExecuteReader())
        {
            if (!row.Read()) return false;
            doc = row.GetInt64(0);
            filters = HeaderFilter.ExtractValues(row.GetString(1), row.GetString(2), row.GetString(3));
        }

        foreach (var (key, value) in filters)
            _writer["DELETE FROM filters WHERE key = $0 AND value = $1 AND doc = $2", key, value, doc].ExecuteNonQuery();
        _writer["DELETE FROM cards WHERE rowid = $0", doc].ExecuteNonQuery();
        _writer["DELETE FROM docs WHERE doc = $0", doc].ExecuteNonQuery();
        return true;
    }

    private void Add(IndexedCard card)
    {
        var doc = (long)_writer[
            "INSERT INTO docs (card_id, seq, card_type, version, title, header, created_at) VALUES ($0, $1, $2, $3, $4, $5, $6) RETURNING doc",
            card.CardId, card.Seq, card.CardType, card.Version, card.Title, card.HeaderJson, card.CreatedAt].ExecuteScalar()!;
        _writer["INSERT INTO cards (rowid, title, body) VALUES ($0, $1, $2)", doc, card.Title ?? "", card.BodyText.ToString()].ExecuteNonQuery();
        foreach (var (key, value) in HeaderFilter.ExtractValues(card.CardType, card.Version, card.HeaderJson))
            _writer["INSERT INTO filters (key, value, doc) VALUES ($0, $1, $2)", key, value, doc].ExecuteNonQuery();
    }
}
