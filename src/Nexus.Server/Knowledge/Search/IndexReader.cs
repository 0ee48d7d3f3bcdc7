using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Nexus.Server.Platform.Storage.Sqlite;

namespace Nexus.Server.Knowledge.Search;

/// <summary>Queries an index on its own connection. Used by one thread at a time. Each method sees one snapshot of the index.</summary>
internal sealed class IndexReader(string path) : IDisposable
{
    // A filter that matches fewer cards than this is evaluated once as a set; other filters are checked per hit.
    private const int SmallFilterThreshold = 2_000;

    private const int ExtraHitsForTies = 50;

    // Title weight: titles are a few deliberately chosen words. Values between 3 and 8 measured best (see the bench).
    private const string RankExpression = "bm25(cards, 4.0, 1.0)";

    private readonly PreparedConnection _statements = IndexFile.OpenReader(path);

    /// <summary>Returns the best hits first, ties by id. Without text, returns the newest cards first.</summary>
    public IReadOnlyList<CardHit> Search(LexicalQuery query) => InSnapshot(() =>
    {
        if (string.IsNullOrWhiteSpace(query.Text))
        {
            return (IReadOnlyList<CardHit>)[.. FindNewest(query).Select(doc => ReadCardHit(doc, 0, new TermMatcher([])))];
        }

        var terms = SearchTerms.Parse(query.Text);
        if (terms.Count == 0)
        {
            return [];
        }

        var match = SearchTerms.ToMatchExpression(terms);
        var forms = new TermMatcher(terms);
        var hits = FindRanked(match, query).ConvertAll(found => (found.Doc, Hit: ReadCardHit(found.Doc, found.Score, forms)));
        hits.Sort(
            (a, b) => a.Hit.Score != b.Hit.Score ? b.Hit.Score.CompareTo(a.Hit.Score) : string.CompareOrdinal(a.Hit.CardId, b.Hit.CardId));
        return query.Explain ? ExplainScores(terms, hits) : hits.ConvertAll(hit => hit.Hit);
    });

    /// <summary>
    /// Returns the cards that are in the index, in the given order, for results ranked elsewhere. The snippet is built around the
    /// terms of the text.
    /// </summary>
    public IReadOnlyList<CardHit> Find(IReadOnlyList<string> cardIds, string text) => InSnapshot(() =>
    {
        var forms = new TermMatcher(SearchTerms.Parse(text));
        var found = new List<CardHit>();
        foreach (var cardId in cardIds)
        {
            if (_statements["SELECT doc FROM docs WHERE card_id = $0", cardId].ExecuteScalar() is long doc)
            {
                found.Add(ReadCardHit(doc, 0, forms));
            }
        }

        return found;
    });

    /// <summary>Returns all cards and their revisions.</summary>
    public IReadOnlyList<(string CardId, long Seq)> ListRevisions()
    {
        var revisions = new List<(string, long)>();
        using var rows = _statements["SELECT card_id, seq FROM docs"].ExecuteReader();
        while (rows.Read())
        {
            revisions.Add((rows.GetString(0), rows.GetInt64(1)));
        }

        return revisions;
    }

    /// <summary>
    /// Returns the title and the first <paramref name="most"/> characters of the body of those revisions that are still the
    /// newest.
    /// </summary>
    public IReadOnlyList<(string CardId, long Seq, string Text)> GetTexts(IReadOnlyList<(string CardId, long Seq)> revisions, int most)
    {
        var texts = new List<(string, long, string)>();
        foreach (var (cardId, seq) in revisions)
        {
            using var row =
                _statements["SELECT cards.title, substr(body, 1, $2) FROM docs JOIN cards ON cards.rowid = doc WHERE card_id = $0 AND seq "
                    + "= $1", cardId, seq, most].ExecuteReader();
            if (row.Read())
            {
                texts.Add((cardId, seq, $"{row.GetString(0)}\n{row.GetString(1)}".Trim()));
            }
        }

        return texts;
    }

    /// <summary>Returns the ids of all cards that match every filter.</summary>
    public IReadOnlySet<string> FindMatching(IReadOnlyList<HeaderFilter> filters)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        using var rows = CreateFilteredCommand("SELECT card_id FROM docs WHERE true", filters, "docs.doc", "").ExecuteReader();
        while (rows.Read())
        {
            ids.Add(rows.GetString(0));
        }

        return ids;
    }

    /// <summary>
    /// Returns the share of the text's terms that occur in no card, from 0 to 1: the part that lexical search cannot judge.
    /// </summary>
    public double GetUnknownTermShare(string text)
    {
        var terms = SearchTerms.Parse(text);
        var unknown = terms.Count(
            term => _statements["SELECT 1 FROM cards WHERE cards MATCH $0 LIMIT 1", SearchTerms.Quote(term)].ExecuteScalar() is null);
        return terms.Count == 0 ? 1 : (double)unknown / terms.Count;
    }

    /// <summary>Returns the number of cards in the index.</summary>
    public int Count() => (int)(long)_statements["SELECT count(*) FROM docs"].ExecuteScalar()!;

    public void Dispose() => _statements.Dispose();

    // A search runs several queries, which must see the same state.
    private T InSnapshot<T>(Func<T> read)
    {
        _statements["BEGIN"].ExecuteNonQuery();
        try
        {
            return read();
        }
        finally
        {
            _statements["ROLLBACK"].ExecuteNonQuery();
        }
    }

    private List<long> FindNewest(LexicalQuery query)
    {
        var docs = new List<long>();
        using var rows = CreateFilteredCommand(
            "SELECT doc FROM docs WHERE true",
            query.Filters,
            "docs.doc",
            " ORDER BY created_at DESC, card_id LIMIT $0",
            query.TopK)
            .ExecuteReader();
        while (rows.Read())
        {
            docs.Add(rows.GetInt64(0));
        }

        return docs;
    }

    // Ranking reads only FTS5, so only the best rows are kept while it runs. Ids are compared only if equal scores cross the
    // cutoff; a few extra hits usually cover all of those.
    private List<(long Doc, double Score)> FindRanked(string match, LexicalQuery query)
    {
        var found = ReadHits(
            CreateFilteredCommand(
                $"SELECT rowid, {RankExpression} AS score FROM cards WHERE cards MATCH $1",
                query.Filters,
                "cards.rowid",
                " ORDER BY score LIMIT $0",
                query.TopK + ExtraHitsForTies,
                match));
        if (found.Count <= query.TopK)
        {
            return found;
        }

        var last = found[query.TopK - 1].Score;
        if (found[query.TopK].Score != last)
        {
            return found[..query.TopK];
        }

        if (found.Count == query.TopK + ExtraHitsForTies && found[^1].Score == last)
        {
            return FindRankedById(match, query, last);
        }

        var better = found.FindAll(hit => hit.Score > last);
        var equal = found.Where(hit => hit.Score == last).OrderBy(hit => GetCardId(hit.Doc), StringComparer.Ordinal);
        return [.. better, .. equal.Take(query.TopK - better.Count)];
    }

    private List<(long Doc, double Score)> FindRankedById(string match, LexicalQuery query, double last) => ReadHits(CreateFilteredCommand(
        $"WITH scored AS MATERIALIZED (SELECT rowid AS doc, {RankExpression} AS score FROM cards WHERE cards MATCH $1",
        query.Filters,
        "cards.rowid",
        ") SELECT doc, score FROM scored JOIN docs USING (doc) WHERE score <= $2 ORDER BY score, card_id LIMIT $0",
        query.TopK,
        match,
        -last));

    private string GetCardId(long doc) => (string)_statements["SELECT card_id FROM docs WHERE doc = $0", doc].ExecuteScalar()!;

    private static List<(long Doc, double Score)> ReadHits(SqliteCommand command)
    {
        var found = new List<(long, double)>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            found.Add((rows.GetInt64(0), -rows.GetDouble(1)));
        }

        return found;
    }

    // Both forms are probes. With a plain IN, FTS5 would run its query again for each member.
    private SqliteCommand CreateFilteredCommand(
        string select, IReadOnlyList<HeaderFilter> filters, string doc, string tail, params ReadOnlySpan<object?> values)
    {
        var all = new List<object?>([.. values]);
        var sql = new StringBuilder(select);
        foreach (var filter in filters)
        {
            var list = JsonSerializer.Serialize(filter.Values, TextListJson.Default.IReadOnlyListString);
            var condition = string.Create(
                CultureInfo.InvariantCulture,
                $"FROM filters WHERE key = ${all.Count} AND value IN (SELECT value FROM json_each(${all.Count + 1}))");
            var few =
                (long)_statements["SELECT count(*) FROM (SELECT 1 FROM filters WHERE key = $0 AND value IN (SELECT value FROM "
                    + "json_each($1)) LIMIT $2)", filter.Key, list, SmallFilterThreshold].ExecuteScalar()! < SmallFilterThreshold;
            sql.Append(few ? $" AND +{doc} IN (SELECT doc {condition})" : $" AND EXISTS (SELECT 1 {condition} AND filters.doc = {doc})");
            all.Add(filter.Key);
            all.Add(list);
        }

        return _statements[sql.Append(tail).ToString(), all.ToArray()];
    }

    private CardHit ReadCardHit(long doc, double score, TermMatcher terms)
    {
        using var row =
            _statements["SELECT card_id, card_type, version, docs.title, header, created_at, seq, substr(body, 1, $1) FROM docs JOIN cards "
                + "ON cards.rowid = doc WHERE doc = $0", doc, SnippetBuilder.MaxExaminedLength].ExecuteReader();
        row.Read();
        return new CardHit(
            row.GetString(0),
            score,
            row.GetString(1),
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            SnippetBuilder.Build(row.GetString(7), terms),
            row.GetString(4),
            row.GetInt64(5),
            row.GetInt64(6));
    }

    // BM25 is a sum over terms, so a query with one term gives that term's part. One pass over its postings serves all hits.
    private List<CardHit> ExplainScores(IReadOnlyList<string> terms, List<(long Doc, CardHit Hit)> hits)
    {
        var docs = $"[{string.Join(',', hits.Select(hit => hit.Doc))}]";
        var parts = hits.ToDictionary(hit => hit.Doc, _ => new List<TermScore>());
        foreach (var term in terms)
        {
            var title = ScoreMatches($"title : {SearchTerms.Quote(term)}", docs).ToDictionary();
            var body = ScoreMatches($"body : {SearchTerms.Quote(term)}", docs).ToDictionary();
            foreach (var (doc, score) in ScoreMatches(SearchTerms.Quote(term), docs))
            {
                parts[doc].Add(new TermScore(term, score, title.ContainsKey(doc), body.ContainsKey(doc)));
            }
        }

        return hits.ConvertAll(hit => hit.Hit with { Terms = parts[hit.Doc] });
    }

    private IEnumerable<KeyValuePair<long, double>> ScoreMatches(string match, string docs) =>
        ReadHits(
            _statements[$"SELECT rowid, {RankExpression} FROM cards WHERE cards MATCH $0 AND +rowid IN (SELECT value FROM "
                + $"json_each($1))", match, docs])
            .Select(found => KeyValuePair.Create(found.Doc, found.Score));
}
