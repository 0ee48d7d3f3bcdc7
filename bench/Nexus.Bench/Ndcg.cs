using System.Text.Json;
using Nexus.Server.Search;

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
            index.Apply(Cards(folder));
            return Of(folder, text => [.. index.Search(new LexicalQuery(text, Depth)).Select(hit => hit.CardId)]);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    /// <summary>The measure of any search that answers document ids, best first.</summary>
    public static double Of(string folder, Func<string, IReadOnlyList<string>> search)
    {
        var judged = File.ReadLines(Path.Combine(folder, "qrels.tsv")).Skip(1)
            .Select(line => line.Split('\t'))
            .ToLookup(cells => cells[0], cells => (Document: cells[1], Gain: double.Parse(cells[2], System.Globalization.CultureInfo.InvariantCulture)));
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
            Text(document, "id"), at, false, "abstract", "v1", Text(document, "title"), Text(document, "text"), "{}", at))];

    private static double Sum(IEnumerable<double> gains) => gains.Take(Depth).Select((gain, rank) => gain / Math.Log2(rank + 2)).Sum();

    private static List<JsonElement> Lines(string folder, string file) =>
        [.. File.ReadLines(Path.Combine(folder, file)).Select(line => JsonElement.Parse(line))];

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;
}
