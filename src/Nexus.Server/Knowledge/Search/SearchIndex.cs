using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// The search index of one tenant and env: an SQLite FTS5 file that follows the tenant's card changes. All of it can be read
/// again from the store, so the file may be deleted while it is not open. Thread-safe.
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

    public IndexPosition Position => Volatile.Read(ref _position);

    /// <summary>The embeddings of the index's cards. In memory only, and loaded on demand.</summary>
    public CardVectorCache Vectors { get; } = new();

    /// <summary>
    /// Opens the index. Creates the file if it is missing, damaged or of another version. Only one instance in one process may
    /// have it open.
    /// </summary>
    public static SearchIndex Open(string path) => new(path, IndexFile.OpenWriter(path));

    /// <summary>
    /// Applies a page of changes in order and advances the position, atomically. Changes already applied are skipped. On return,
    /// neither the file nor its journal contains any part of a deleted card, unless another process is reading the file.
    /// </summary>
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
                        if (change.Seq <= _position.Seq)
                        {
                            continue;
                        }

                        _needsScrub |= Remove(change.CardId) && change.Deleted;
                        if (!change.Deleted)
                        {
                            Add(change);
                        }
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

            Volatile.Write(
                ref _position,
                page.Seq < _position.Seq ? _position : new IndexPosition(page.Seq, page.LeafHash, IsVerified: true));
            if (_needsScrub)
            {
                Scrub();
            }
        }
    }

    /// <summary>
    /// Rewrites the file and empties its journal. Pages may keep bytes of rows that were moved between them, which overwriting
    /// the deleted rows does not reach. Waits for readers; used only for erasure.
    /// </summary>
    /// <returns>False if another process reads the file.</returns>
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

    /// <summary>Reads from the index on a pooled connection.</summary>
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
                if (_idleReaders.Count < Environment.ProcessorCount)
                {
                    _idleReaders.Add(reader);
                }
                else
                {
                    reader.Dispose();
                }
            }
        }
        finally
        {
            _readerLock.ExitReadLock();
        }
    }

    public void Dispose()
    {
        while (_idleReaders.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose();
        _readerLock.Dispose();
        Vectors.Dispose();
    }

    // secure_delete overwrites deleted rows in the file, but the journal keeps the old pages until it is truncated, which needs a
    // moment without readers. If another process is reading the file, this is retried with the next catch-up.
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
            // SQLite has already rolled back. The original failure is the one to report.
        }
    }

    private bool Remove(string cardId)
    {
        long doc;
        IReadOnlySet<(string Key, string Value)> filters;
        using (var row = _writer["SELECT doc, card_type, version, header FROM docs WHERE card_id = $0", cardId].ExecuteReader())
        {
            if (!row.Read())
            {
                return false;
            }

            doc = row.GetInt64(0);
            filters = HeaderFilter.ExtractValues(row.GetString(1), row.GetString(2), row.GetString(3));
        }

        foreach (var (key, value) in filters)
        {
            _writer["DELETE FROM filters WHERE key = $0 AND value = $1 AND doc = $2", key, value, doc].ExecuteNonQuery();
        }

        _writer["DELETE FROM cards WHERE rowid = $0", doc].ExecuteNonQuery();
        _writer["DELETE FROM docs WHERE doc = $0", doc].ExecuteNonQuery();
        return true;
    }

    private void Add(IndexedCard card)
    {
        var doc = (long)_writer[
            "INSERT INTO docs (card_id, seq, card_type, version, title, header, created_at) VALUES ($0, $1, $2, $3, $4, $5, $6) RETURNING "
            + "doc",
            card.CardId, card.Seq, card.CardType, card.Version, card.Title, card.HeaderJson, card.CreatedAt].ExecuteScalar()!;
        _writer["INSERT INTO cards (rowid, title, body) VALUES ($0, $1, $2)", doc, card.Title
            ?? "", card.BodyText.ToString()].ExecuteNonQuery();
        foreach (var (key, value) in HeaderFilter.ExtractValues(card.CardType, card.Version, card.HeaderJson))
        {
            _writer["INSERT INTO filters (key, value, doc) VALUES ($0, $1, $2)", key, value, doc].ExecuteNonQuery();
        }
    }
}
