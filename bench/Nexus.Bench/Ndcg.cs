using System.Text.Json;
using Nexus.Server.Knowledge.Search;

namespace Nexus.Bench;

/// <summary>
/// Search quality on a folder of <c>docs.jsonl</c>, <c>queries.jsonl</c> and <c>qrels.tsv</c>: nDCG@10 with the graded
/// judgements as gains, averaged over all queries as they stand, a query without judgements counting 0.
/// </summary>
internal static class Ndcg
{
    private const int Depth = 10;

    /// <summary>Indexes title and text as cards in an index of its own and searches it by words.</summary>
    public static double Lexical(string folder)
    {
        var scratch = Directory.CreateTempSubdirectory("nexus-ndcg-");
        try
        {
            using var index = SearchIndex.Open(Path.Combine(scratch.FullName, "cards.db"));
            Apply(index, Cards(folder));
            return Compute(folder, text => [.. index.Search(new LexicalQuery(text, Depth)).Select(hit => hit.CardId)]);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>
    /// The same with meaning fused in, by vectors that stand in for a model's: each word is hashed to a few of
    /// <paramref name="dimensions"/> signs, so that fewer dimensions make a weaker model. No model is at hand where this runs; what is
    /// measured is that a weak one spoils nothing.
    /// </summary>
    public static double Hybrid(string folder, int dimensions)
    {
        var scratch = Directory.CreateTempSubdirectory("nexus-ndcg-");
        try
        {
            using var index = SearchIndex.Open(Path.Combine(scratch.FullName, "cards.db"));
            var cards = Cards(folder);
            Apply(index, cards);
            using var vectors = new VectorIndex(dimensions);
            foreach (var card in cards.Where(card => card.BodyText.Length > 0))
            {
                vectors.Upsert(card.CardId, card.Seq, HashedWords(card.BodyText.ToString(), dimensions));
            }

            var weight = new EmbeddingOptions().Weight;
            return Compute(
                folder,
                text =>
                    [.. CardSearch.SearchHybrid(
                        index,
                        vectors,
                        HashedWords(text, dimensions),
                        new LexicalQuery(text, Depth),
                        weight).Cards.Select(
                        found => found.Card.CardId)]);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>The measure of any search that answers document ids, best first.</summary>
    public static double Compute(string folder, Func<string, IReadOnlyList<string>> search)
    {
        var judged = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1)
            .Select(line => line.Split('\t'))
            .ToLookup(
                cells => cells[0],
                cells => (Document: cells[1], Gain: double.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture)));
        return Lines(folder, "queries.jsonl").Average(query =>
        {
            var gains = judged[Text(query, "id")].ToDictionary(judgement => judgement.Document, judgement => judgement.Gain);
            var ideal = Sum(gains.Values.OrderDescending());
            return ideal == 0 ? 0 : Sum(search(Text(query, "text")).Select(id => gains.GetValueOrDefault(id))) / ideal;
        });
    }

    /// <summary>The folder's documents as changes of an empty index.</summary>
    public static IReadOnlyList<IndexedCard> Cards(string folder) =>
        [.. Lines(folder, "docs.jsonl").Select((document, at) => new IndexedCard(
            Text(document, "id"), at, false, "abstract", "v1", Text(document, "title"), Text(document, "text").AsMemory(), "{}", at))];

    private static void Apply(SearchIndex index, IReadOnlyList<IndexedCard> cards) =>
        index.Apply(new CardChangePage(cards, cards[^1].Seq, [], HasMore: false));

    private static float[] HashedWords(string text, int dimensions)
    {
        var vector = new float[dimensions];
        vector[0] = 1e-3f;
        foreach (var range in SearchTerms.FindWords(text, text.Length))
        {
            var word = text[range].ToLowerInvariant();
            if (StopWords.English.Contains(word))
            {
                continue;
            }

            var stem = word[..Math.Min(5, word.Length)];
            for (var i = 0; i < 4; i++)
            {
                var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{i}{stem}"));
                vector[BitConverter.ToUInt32(hash) % dimensions] += hash[4] < 128 ? 1 : -1;
            }
        }

        return VectorIndex.Normalize(vector)!;
    }

    private static double Sum(IEnumerable<double> gains) => gains.Take(Depth).Select((gain, rank) => gain / Math.Log2(rank + 2)).Sum();

    private static List<JsonElement> Lines(string folder, string file) =>
        [.. File.ReadLines(Path.Combine(folder, file)).Select(line => JsonElement.Parse(line))];

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
