using Nexus.Server.Storage;

namespace Nexus.Server.Search;

/// <summary>Searches the cards of one tenant and env, by words, by meaning, or by both.</summary>
internal sealed partial class CardSearch(SearchIndexes indexes, CardFeed feed, EmbeddingWorker worker, TimeProvider time, ILogger<CardSearch> logger, Embedder? embedder = null)
{
    // Fusing needs more of each ranking than is answered: a card may be in the middle of both.
    private const int Depth = 100;

    // While the embedding service fails, searches do not wait for it one after the other.
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(10);

    private long _restUntil = long.MinValue;

    /// <summary>The mode of a query that names none.</summary>
    public SearchMode DefaultMode => embedder is null ? SearchMode.Lexical : SearchMode.Hybrid;

    /// <summary>Every card committed before the call can be found, none deleted before it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<CardSearchAnswer> SearchAsync(Scope scope, LexicalQuery query, SearchMode mode, CancellationToken cancellation)
    {
        if (mode == SearchMode.Lexical || string.IsNullOrWhiteSpace(query.Text))
        {
            return await WithIndexAsync(scope, index => ValueTask.FromResult(ByWords(index, query, null)), cancellation);
        }

        var (vector, trouble) = await EmbedAsync(query.Text, cancellation);
        if (vector is null)
        {
            return await WithIndexAsync(scope, index => ValueTask.FromResult(ByWords(index, query, trouble)), cancellation);
        }

        return await WithIndexAsync(
            scope,
            async index =>
            {
                await worker.LoadAsync(scope, index, cancellation);
                var vectors = index.Vectors.Vectors;
                return vectors is null || vectors.Dimensions != vector.Length
                    ? ByWords(index, query, "not_embedded")
                    : mode == SearchMode.Semantic ? ByMeaning(index, vectors, vector, query) : ByBoth(index, vectors, vector, query);
            },
            cancellation);
    }

    private ValueTask<T> WithIndexAsync<T>(Scope scope, Func<SearchIndex, ValueTask<T>> use, CancellationToken cancellation) =>
        indexes.WithIndexAsync(scope.TenantId, scope.Env, feed.Of(scope), use, cancellation);

    private CardSearchAnswer ByWords(SearchIndex index, LexicalQuery query, string? degraded)
    {
        var ranked = !string.IsNullOrWhiteSpace(query.Text);
        var found = index.Search(query).Select((hit, at) => new FoundCard(hit, ranked ? at + 1 : null, ranked ? hit.Score : null, null, null));
        return Answer(index, ranked ? SearchMode.Lexical : SearchMode.Filter, [.. found], degraded);
    }

    private CardSearchAnswer ByMeaning(SearchIndex index, VectorIndex vectors, float[] vector, LexicalQuery query)
    {
        var near = vectors.Search(vector, query.TopK, Accept(index, query)).Best;
        var ranks = near.Index().ToDictionary(hit => hit.Item.CardId, hit => (Rank: hit.Index + 1, hit.Item.Score), StringComparer.Ordinal);
        var hits = index.Read(reader => reader.Find([.. near.Select(hit => hit.CardId)], query.Text));
        return Answer(index, SearchMode.Semantic, [.. hits.Select(hit => new FoundCard(hit with { Score = ranks[hit.CardId].Score }, null, null, ranks[hit.CardId].Rank, ranks[hit.CardId].Score))]);
    }

    private CardSearchAnswer ByBoth(SearchIndex index, VectorIndex vectors, float[] vector, LexicalQuery query)
    {
        var depth = Math.Max(Depth, query.TopK);
        var byWords = index.Search(query with { TopK = depth });
        string[] ids = [.. byWords.Select(hit => hit.CardId)];
        var words = byWords.ToDictionary(hit => hit.CardId, StringComparer.Ordinal);
        var near = vectors.Search(vector, depth, Accept(index, query));
        var trust = SemanticTrust.Of(near, vectors.Scores(vector, ids[..Math.Min(10, ids.Length)]), vectors.Count, index.Read(reader => reader.Count()));
        var similarity = near.Best.ToDictionary(hit => hit.CardId, hit => hit.Score, StringComparer.Ordinal);
        var fused = RankFusion.Fuse((ids, 1), ([.. near.Best.Select(hit => hit.CardId)], trust)).Take(query.TopK).ToList();
        var others = index.Read(reader => reader.Find([.. fused.Select(hit => hit.CardId).Where(id => !words.ContainsKey(id))], query.Text)).ToDictionary(hit => hit.CardId, StringComparer.Ordinal);
        var found = new List<FoundCard>();
        foreach (var hit in fused)
        {
            var ofWords = words.GetValueOrDefault(hit.CardId);
            if ((ofWords ?? others.GetValueOrDefault(hit.CardId)) is { } card)
            {
                found.Add(new FoundCard(card with { Score = hit.Score }, hit.Ranks[0], ofWords?.Score, hit.Ranks[1], similarity.TryGetValue(hit.CardId, out var cosine) ? cosine : null));
            }
        }

        return Answer(index, SearchMode.Hybrid, found);
    }

    private static Func<string, bool> Accept(SearchIndex index, LexicalQuery query)
    {
        if (query.Filters.Count == 0)
        {
            return _ => true;
        }

        var allowed = index.Read(reader => reader.Matching(query.Filters));
        return allowed.Contains;
    }

    private CardSearchAnswer Answer(SearchIndex index, SearchMode mode, IReadOnlyList<FoundCard> cards, string? degraded = null) =>
        new(mode, cards, degraded, embedder is null ? null : (index.Vectors.Embedded, index.Read(reader => reader.Count())));

    private async ValueTask<(float[]? Vector, string? Trouble)> EmbedAsync(string text, CancellationToken cancellation)
    {
        if (embedder is null)
        {
            return (null, "no_embedder");
        }

        if (time.GetTimestamp() < Volatile.Read(ref _restUntil))
        {
            return (null, "embedder_unavailable");
        }

        try
        {
            var vector = VectorIndex.Normalize((await embedder.EmbedAsync([text], cancellation))[0].Span);
            return (vector, vector is null ? "embedder_unavailable" : null);
        }
        catch (EmbeddingException failure)
        {
            if (!failure.OfTheTexts)
            {
                Volatile.Write(ref _restUntil, time.GetTimestamp() + (long)(_rest.TotalSeconds * time.TimestampFrequency));
            }

            LogDegraded(failure);
            return (null, "embedder_unavailable");
        }
    }

    [LoggerMessage(LogLevel.Warning, "A search is answered by words alone")]
    private partial void LogDegraded(Exception failure);
}
