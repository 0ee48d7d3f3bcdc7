using Nexus.Server.Platform.Storage;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Searches the cards of one tenant and env by words, by meaning, or both.</summary>
internal sealed partial class CardSearch(
    SearchIndexPool indexes, CardChangeFeed feed, CardEmbedder cards, TimeProvider time, ILogger<CardSearch> logger,
    Embedder? embedder = null)
{
    // Fusion needs more of each ranking than the answer has: a card may be in the middle of both.
    private const int FusionDepth = 100;

    // While the embedding service fails, searches skip it for this long instead of waiting for a timeout each.
    private static readonly TimeSpan _embedderBackoff = TimeSpan.FromSeconds(10);

    private long _backoffUntil = long.MinValue;

    /// <summary>The search mode if the query does not name one.</summary>
    public SearchMode DefaultMode => embedder is null ? SearchMode.Lexical : SearchMode.Hybrid;

    /// <summary>Searches the index. Every card committed before the call can be found, and none deleted before it.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    public async ValueTask<CardSearchResult> SearchAsync(
        Scope scope, LexicalQuery query, SearchMode mode, CancellationToken cancellationToken)
    {
        if (mode == SearchMode.Lexical || embedder is null || string.IsNullOrWhiteSpace(query.Text))
        {
            var trouble = mode == SearchMode.Lexical || embedder is not null ? null : "no_embedder";
            return await WithIndexAsync(scope, index => ValueTask.FromResult(SearchLexical(index, query, trouble)), cancellationToken);
        }

        var vector = await EmbedAsync(embedder, query.Text, cancellationToken);
        return await WithIndexAsync(
            scope,
            async index =>
            {
                await cards.LoadAsync(scope, index, cancellationToken);
                var vectors = index.Vectors.Index;
                var answer = vector is null ? SearchLexical(index, query, "embedder_unavailable")
                    : vectors is null || vectors.Dimensions != vector.Length ? SearchLexical(index, query, "not_embedded")
                    : mode == SearchMode.Semantic
                    ? SearchSemantic(index, vectors, vector, query)
                    : SearchHybrid(index, vectors, vector, query, embedder.Weight);
                return answer with { Coverage = (index.Vectors.EmbeddedCount, index.Read(reader => reader.Count())) };
            },
            cancellationToken);
    }

    private ValueTask<T> WithIndexAsync<T>(Scope scope, Func<SearchIndex, ValueTask<T>> use, CancellationToken cancellationToken) =>
        indexes.WithIndexAsync(scope.TenantId, scope.Env, feed.For(scope), use, cancellationToken);

    private static CardSearchResult SearchLexical(SearchIndex index, LexicalQuery query, string? degraded)
    {
        var ranked = !string.IsNullOrWhiteSpace(query.Text);
        var found = index.Search(query)
            .Select((hit, at) => new ScoredCard(hit, ranked ? at + 1 : null, ranked ? hit.Score : null, null, null));
        return new CardSearchResult(ranked ? SearchMode.Lexical : SearchMode.Filter, [.. found], degraded, null);
    }

    private static CardSearchResult SearchSemantic(SearchIndex index, VectorIndex vectors, float[] vector, LexicalQuery query)
    {
        var near = vectors.Search(vector, query.TopK, CreateFilter(index, query)).Hits;
        var ranks = near.Index().ToDictionary(hit => hit.Item.CardId, hit => (Rank: hit.Index + 1, hit.Item.Score), StringComparer.Ordinal);
        var hits = index.Read(reader => reader.Find([.. near.Select(hit => hit.CardId)], query.Text));
        var found = hits.Select(
            hit =>
                new ScoredCard(hit with { Score = ranks[hit.CardId].Score }, null, null, ranks[hit.CardId].Rank, ranks[hit.CardId].Score));
        return new CardSearchResult(SearchMode.Semantic, [.. found], null, null);
    }

    /// <summary>Ranks by words and by meaning, and fuses both rankings.</summary>
    /// <param name="index">An index that is up to date.</param>
    /// <param name="vectors">The vectors of the index's cards.</param>
    /// <param name="vector">The query's vector, with the same dimensions and normalized to length 1.</param>
    /// <param name="configured">The configured weight; see <see cref="EmbeddingOptions.Weight"/>.</param>
    public static CardSearchResult SearchHybrid(
        SearchIndex index, VectorIndex vectors, float[] vector, LexicalQuery query, double configured)
    {
        var depth = Math.Max(FusionDepth, query.TopK);
        var byWords = index.Search(query with { TopK = depth });
        string[] ids = [.. byWords.Select(hit => hit.CardId)];
        var words = byWords.ToDictionary(hit => hit.CardId, StringComparer.Ordinal);
        var near = vectors.Search(vector, depth, CreateFilter(index, query));
        var (total, unknown) = index.Read(reader => (reader.Count(), reader.GetUnknownTermShare(query.Text)));
        var trust = SemanticWeighting.ComputeTrust(near, vectors.GetScores(vector, ids[..Math.Min(10, ids.Length)]), vectors.Count, total);
        var weight = SemanticWeighting.ComputeWeight(trust, configured, unknown);
        var similarity = near.Hits.ToDictionary(hit => hit.CardId, hit => hit.Score, StringComparer.Ordinal);
        var fused = RankFusion.Fuse((ids, 1), ([.. near.Hits.Select(hit => hit.CardId)], weight)).Take(query.TopK).ToList();
        var others = index.Read(reader => reader.Find([.. fused.Select(hit => hit.CardId).Where(id => !words.ContainsKey(id))], query.Text))
            .ToDictionary(hit => hit.CardId, StringComparer.Ordinal);
        var found = new List<ScoredCard>();
        foreach (var hit in fused)
        {
            var ofWords = words.GetValueOrDefault(hit.CardId);
            if ((ofWords ?? others.GetValueOrDefault(hit.CardId)) is { } card)
            {
                found.Add(
                    new ScoredCard(
                        card with { Score = hit.Score },
                        hit.Ranks[0],
                        ofWords?.Score,
                        hit.Ranks[1],
                        similarity.TryGetValue(hit.CardId, out var cosine) ? cosine : null));
            }
        }

        return new CardSearchResult(SearchMode.Hybrid, found, null, null);
    }

    private static Func<string, bool> CreateFilter(SearchIndex index, LexicalQuery query)
    {
        if (query.Filters.Count == 0)
        {
            return _ => true;
        }

        var allowed = index.Read(reader => reader.FindMatching(query.Filters));
        return allowed.Contains;
    }

    // Returns null if the service is not available or the text has no vector.
    private async ValueTask<float[]?> EmbedAsync(Embedder embedder, string text, CancellationToken cancellationToken)
    {
        if (time.GetTimestamp() < Volatile.Read(ref _backoffUntil))
        {
            return null;
        }

        try
        {
            return VectorIndex.Normalize((await embedder.EmbedAsync([text], cancellationToken))[0].Span);
        }
        catch (EmbeddingException failure)
        {
            if (!failure.IsInputRejected)
            {
                Volatile.Write(ref _backoffUntil, time.GetTimestamp() + (long)(_embedderBackoff.TotalSeconds * time.TimestampFrequency));
            }

            LogDegraded(failure);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A search is answered by words alone")]
    private partial void LogDegraded(Exception failure);
}
