using System.Threading.Channels;
using Nexus.Server.Cards;
using Nexus.Server.Storage;

namespace Nexus.Server.Search;

/// <summary>
/// Embeds cards in the background. It works on the tenants it is woken for, a batch of each in turn, and keeps the vectors in
/// the store, so that a card is embedded once and not once a start. Two nodes may embed the same card; the later row stays.
/// </summary>
internal sealed partial class EmbeddingWorker(Database database, SearchIndexes indexes, CardFeed feed, TimeProvider time, ILogger<EmbeddingWorker> logger, Embedder? embedder = null)
    : BackgroundService
{
    private const int ReadBatch = 500;

    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);

    private readonly Channel<Scope> _waiting = Channel.CreateUnbounded<Scope>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<(string, string)> _known = [];

    /// <summary>Says that a tenant and env may have cards without an embedding. Cheap, and nothing without an embedder.</summary>
    public void Wake(Scope scope)
    {
        if (embedder is null)
        {
            return;
        }

        lock (_known)
        {
            if (_known.Add((scope.TenantId, scope.Env)))
            {
                _waiting.Writer.TryWrite(new Scope(scope.TenantId, scope.Env));
            }
        }
    }

    /// <summary>Brings the vectors of an index up to what the store has, and wakes the worker for what it has not.</summary>
    public async ValueTask LoadAsync(Scope scope, SearchIndex index, CancellationToken cancellation)
    {
        if (embedder is null)
        {
            return;
        }

        var vectors = index.Vectors;
        vectors.Follow(() => index.Read(reader => reader.Revisions()));
        while (vectors.Unread(ReadBatch) is { Count: > 0 } asked)
        {
            string[] ids = [.. asked.Select(card => card.CardId)];
            vectors.Read(asked, await database.ReadAsync(scope, session => CardEmbeddings.FindAsync(session, embedder.Model, ids), cancellation));
        }

        if (vectors.Missing(1).Count > 0)
        {
            Wake(scope);
        }
    }

    /// <summary>Embeds and stores one batch of a tenant and env; false where nothing was left to do.</summary>
    /// <exception cref="EmbeddingException">The embedding service cannot be used.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be used.</exception>
    public async ValueTask<bool> EmbedBatchAsync(Scope scope, CancellationToken cancellation)
    {
        if (embedder is null)
        {
            return false;
        }

        var texts = await WithIndexAsync(scope, index => index.Read(reader => reader.Texts(index.Vectors.Missing(Embedder.Batch), Embedder.MostCharacters)), cancellation);
        if (texts.Count == 0)
        {
            return false;
        }

        var (made, refused) = await EmbedAsync(embedder, texts, cancellation);
        await database.WriteAsync(
            scope,
            async session =>
            {
                foreach (var (cardId, seq, vector) in made)
                {
                    await CardEmbeddings.SaveAsync(session, cardId, seq, embedder.Model, vector);
                }

                return made.Count;
            },
            cancellation);
        var (embedded, total) = await WithIndexAsync(
            scope,
            index =>
            {
                foreach (var (cardId, seq, vector) in made)
                {
                    index.Vectors.Made(cardId, seq, vector.Span);
                }

                foreach (var (cardId, seq) in refused)
                {
                    index.Vectors.Refused(cardId, seq);
                }

                return (index.Vectors.Embedded, index.Read(reader => reader.Count()));
            },
            cancellation);
        LogCoverage(scope.TenantId, scope.Env, embedded, total);
        return true;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (embedder is null)
        {
            return;
        }

        var pause = _shortest;
        await foreach (var scope in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            lock (_known)
            {
                _known.Remove((scope.TenantId, scope.Env));
            }

            try
            {
                if (await EmbedBatchAsync(scope, stoppingToken))
                {
                    Wake(scope);
                }

                pause = _shortest;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure, scope.TenantId, scope.Env, (int)pause.TotalSeconds);
                await Task.Delay(pause, time, stoppingToken);
                pause = pause * 2 < _longest ? pause * 2 : _longest;
                Wake(scope);
            }
        }
    }

    private ValueTask<T> WithIndexAsync<T>(Scope scope, Func<SearchIndex, T> use, CancellationToken cancellation) => indexes.WithIndexAsync(
        scope.TenantId,
        scope.Env,
        feed.Of(scope),
        async index =>
        {
            await LoadAsync(scope, index, cancellation);
            return use(index);
        },
        cancellation);

    // A text the model takes no vector of must not hold up the others of its batch.
    private async ValueTask<(List<(string CardId, long Seq, ReadOnlyMemory<float> Vector)> Made, List<(string CardId, long Seq)> Refused)> EmbedAsync(
        Embedder embedder, IReadOnlyList<(string CardId, long Seq, string Text)> texts, CancellationToken cancellation)
    {
        var made = new List<(string, long, ReadOnlyMemory<float>)>();
        var refused = new List<(string, long)>();
        try
        {
            var vectors = await embedder.EmbedAsync([.. texts.Select(card => card.Text)], cancellation);
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
        catch (EmbeddingException failure) when (failure.OfTheTexts && texts.Count == 1)
        {
            refused.Add((texts[0].CardId, texts[0].Seq));
            LogRefused(failure, texts[0].CardId);
        }
        catch (EmbeddingException failure) when (failure.OfTheTexts)
        {
            foreach (var half in texts.Chunk((texts.Count + 1) / 2))
            {
                var (ofHalf, refusedOfHalf) = await EmbedAsync(embedder, half, cancellation);
                made.AddRange(ofHalf);
                refused.AddRange(refusedOfHalf);
            }
        }

        return (made, refused);
    }

    [LoggerMessage(LogLevel.Information, "Embedded {Embedded} of {Total} cards of {TenantId} {Env}")]
    private partial void LogCoverage(string tenantId, string env, int embedded, int total);

    [LoggerMessage(LogLevel.Warning, "Embedding cards of {TenantId} {Env} failed; trying again in {Seconds} s")]
    private partial void LogFailed(Exception failure, string tenantId, string env, int seconds);

    [LoggerMessage(LogLevel.Warning, "The model makes no vector of card {CardId}")]
    private partial void LogRefused(Exception? failure, string cardId);
}
