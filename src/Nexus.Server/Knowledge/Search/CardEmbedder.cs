using Nexus.Server.Knowledge.Cards;
using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>
/// Computes the embedding vectors of cards and stores them, so that a card is embedded once and not at every start. Two nodes may
/// embed the same card; the later write wins. Does nothing if no embedder is configured.
/// </summary>
internal sealed partial class CardEmbedder(
    Database database, SearchIndexPool indexes, CardChangeFeed feed, EmbeddingQueue queue, ILogger<CardEmbedder> logger,
    Embedder? embedder = null)
{
    private const int ReadBatch = 500;

    /// <summary>Loads the stored vectors into an index, and queues the scope if vectors are missing.</summary>
    public async ValueTask LoadAsync(Scope scope, SearchIndex index, CancellationToken cancellationToken)
    {
        if (embedder is null)
        {
            return;
        }

        var vectors = index.Vectors;
        vectors.EnsureInitialized(() => index.Read(reader => reader.ListRevisions()));
        while (vectors.GetUnloaded(ReadBatch) is { Count: > 0 } asked)
        {
            vectors.AddLoaded(asked, await LoadStoredAsync(scope, embedder, asked, cancellationToken));
        }

        if (vectors.GetMissing(1).Count > 0)
        {
            queue.Enqueue(scope, isSure: true);
        }
    }

    /// <summary>Embeds and stores one batch of cards. Returns false if nothing was left to do.</summary>
    /// <param name="isSuspicious">
    /// Whether the texts may be the cause of earlier failures. If the service can embed another text, the texts it fails on are
    /// skipped like those it rejects.
    /// </param>
    /// <exception cref="EmbeddingException">The embedding service is not available.</exception>
    /// <exception cref="StoreUnavailableException">The store is not available.</exception>
    public async ValueTask<bool> EmbedBatchAsync(Scope scope, bool isSuspicious, CancellationToken cancellationToken)
    {
        if (embedder is null)
        {
            return false;
        }

        var missing = await WithIndexAsync(scope, index => index.Vectors.GetMissing(Embedder.MaxBatchSize), cancellationToken);
        if (missing.Count == 0)
        {
            return false;
        }

        // Another node may have stored some of them in the meantime.
        var known = await LoadStoredAsync(scope, embedder, missing, cancellationToken);
        IReadOnlyList<(string CardId, long Seq)> wanted = [.. missing.Except(known.Select(found => (found.CardId, found.Seq)))];
        var texts = await WithIndexAsync(
            scope,
            index => index.Read(reader => reader.GetTexts(wanted, Embedder.MaxCharacters)),
            cancellationToken);
        isSuspicious = isSuspicious && await IsAvailableAsync(embedder, cancellationToken);
        var (made, refused) = texts.Count == 0 ? ([], []) : await EmbedAsync(embedder, texts, isSuspicious, cancellationToken);
        if (made.Count > 0)
        {
            await database.WriteAsync(scope, session => SaveAsync(session, embedder.Model, made), cancellationToken);
        }

        var (embedded, total) = await WithIndexAsync(
            scope,
            index =>
            {
                foreach (var (cardId, seq, vector) in made.Concat(
                    known.Select(found => (found.CardId, found.Seq, new ReadOnlyMemory<float>(found.Vector)))))
                {
                    index.Vectors.AddEmbedded(cardId, seq, vector.Span);
                }

                foreach (var (cardId, seq) in refused)
                {
                    index.Vectors.MarkRejected(cardId, seq);
                }

                return (index.Vectors.EmbeddedCount, index.Read(reader => reader.Count()));
            },
            cancellationToken);
        LogCoverage(scope.TenantId, scope.Env, embedded, total);
        return true;
    }

    private ValueTask<T> WithIndexAsync<T>(Scope scope, Func<SearchIndex, T> use, CancellationToken cancellationToken) =>
        indexes.WithIndexAsync(
            scope.TenantId,
            scope.Env,
            feed.For(scope),
            async index =>
            {
                await LoadAsync(scope, index, cancellationToken);
                return use(index);
            },
            cancellationToken);

    private async ValueTask<List<(string CardId, long Seq, float[] Vector)>> LoadStoredAsync(
        Scope scope, Embedder embedder, IReadOnlyList<(string CardId, long Seq)> asked, CancellationToken cancellationToken)
    {
        string[] ids = [.. asked.Select(card => card.CardId)];
        return await database.ReadAsync(scope, session => CardEmbeddingStore.FindAsync(session, embedder.Model, ids), cancellationToken);
    }

    private static async ValueTask<int> SaveAsync(
        WriteSession session, string model, List<(string CardId, long Seq, ReadOnlyMemory<float> Vector)> made)
    {
        foreach (var (cardId, seq, vector) in made)
        {
            await CardEmbeddingStore.SaveAsync(session, cardId, seq, model, vector);
        }

        return made.Count;
    }

    private static async ValueTask<bool> IsAvailableAsync(Embedder embedder, CancellationToken cancellationToken)
    {
        try
        {
            await embedder.EmbedAsync(["card"], cancellationToken);
            return true;
        }
        catch (EmbeddingException)
        {
            return false;
        }
    }

    // A text the model cannot embed must not block the rest of its batch: the batch is halved until that text is alone.
    private async ValueTask<(List<(string CardId, long Seq, ReadOnlyMemory<float> Vector)> Made, List<(string CardId, long Seq)> Refused)> EmbedAsync(
        Embedder embedder, IReadOnlyList<(string CardId, long Seq, string Text)> texts, bool isSuspicious,
        CancellationToken cancellationToken)
    {
        var made = new List<(string, long, ReadOnlyMemory<float>)>();
        var refused = new List<(string, long)>();
        try
        {
            var vectors = await embedder.EmbedAsync([.. texts.Select(card => card.Text)], cancellationToken);
            for (var i = 0; i < texts.Count; i++)
            {
                var (cardId, seq, _) = texts[i];
                if (VectorIndex.Normalize(vectors[i].Span) is { } unit)
                {
                    made.Add((cardId, seq, unit));
                }
                else
                {
                    refused.Add((cardId, seq));
                    LogRefused(null, cardId);
                }
            }
        }
        catch (EmbeddingException failure) when (texts.Count == 1 && (failure.IsInputRejected || isSuspicious))
        {
            if (!failure.IsInputRejected && !await IsAvailableAsync(embedder, cancellationToken))
            {
                throw;
            }

            refused.Add((texts[0].CardId, texts[0].Seq));
            LogRefused(failure, texts[0].CardId);
        }
        catch (EmbeddingException failure) when (failure.IsInputRejected || isSuspicious)
        {
            foreach (var half in texts.Chunk((texts.Count + 1) / 2))
            {
                var (ofHalf, refusedOfHalf) = await EmbedAsync(embedder, half, isSuspicious, cancellationToken);
                made.AddRange(ofHalf);
                refused.AddRange(refusedOfHalf);
            }
        }

        return (made, refused);
    }

    [LoggerMessage(LogLevel.Information, "Embedded {Embedded} of {Total} cards of {TenantId} {Env}")]
    private partial void LogCoverage(string tenantId, string env, int embedded, int total);

    [LoggerMessage(LogLevel.Warning, "The model makes no vector of card {CardId}")]
    private partial void LogRefused(Exception? failure, string cardId);
}
