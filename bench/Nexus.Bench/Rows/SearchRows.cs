using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Nexus.Server.Knowledge.Search;

namespace Nexus.Bench.Rows;

/// <summary>A search over a large tenant, without HTTP, against the ranking query alone on the same file.</summary>
internal static class SearchRows
{
    private const int Cards = 100_000;
    private const int Queries = 200;
    private const int TopK = 10;

    public static Task<bool> RunAsync(Arguments arguments)
    {
        using var scratch = new Scratch();
        var path = scratch["cards.db"];
        using var index = SearchIndex.Open(path);
        foreach (var numbers in Enumerable.Range(0, Cards).Chunk(1_000))
        {
            index.Apply(new CardChangePage([.. numbers.Select(Card)], numbers[^1], [], HasMore: false));
        }

        using var direct = new DirectSearch(path);
        string[] texts = [.. Enumerable.Range(0, Queries).Select(CardTexts.Query)];
        string[] matches = [.. texts.Select(text => SearchTerms.ToMatchExpression(SearchTerms.Parse(text)))];
        Time(matches, match => direct.Search(match));
        Time(texts, text => index.Search(new LexicalQuery(text, TopK)).Count);

        var floors = new List<double>();
        var ours = new List<double>();
        for (var round = 0; round < arguments.Rounds; round++)
        {
            floors.Add(Time(matches, match => direct.Search(match)));
            ours.Add(Time(texts, text => index.Search(new LexicalQuery(text, TopK)).Count));
        }

        var (floor, nexus) = (Comparison.Median(floors), Comparison.Median(ours));
        return Task.FromResult(Report.AtMost(
            "search of three words, 100,000 cards, without HTTP, to the same FTS5 query: time", nexus / floor, 1.3, "×",
            $"{floor:0.00} ms", $"{nexus:0.00} ms", string.Join(' ', floors.Zip(ours, (f, n) => Report.Number(n / f)))));
    }

    private static IndexedCard Card(int number)
    {
        var (title, body) = CardTexts.Parts(number);
        return new IndexedCard(
            $"card{number:D6}",
            number,
            false,
            "note",
            "v1",
            title,
            body.AsMemory(),
            $$"""{"audience":"operators","card_type":"note"}""",
            number);
    }

    /// <summary>Milliseconds per query, on average. Every query must find something, or the row measures nothing.</summary>
    private static double Time(string[] queries, Func<string, int> search)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var query in queries)
        {
            if (search(query) == 0)
            {
                throw new InvalidOperationException($"Nothing is found for '{query}'.");
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / queries.Length;
    }

    /// <summary>The ranking query by itself: ids and scores, no titles, no excerpts.</summary>
    private sealed class DirectSearch : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _command;

        public DirectSearch(string path)
        {
            _connection = new SqliteConnection($"Data Source={path};Pooling=False");
            _connection.Open();
            _command = _connection.CreateCommand();
            _command.CommandText =
                $"SELECT rowid, bm25(cards, 4.0, 1.0) AS score FROM cards WHERE cards MATCH $match ORDER BY score LIMIT {TopK}";
            _command.Parameters.Add("$match", SqliteType.Text);
            _command.Prepare();
        }

        public int Search(string match)
        {
            _command.Parameters[0].Value = match;
            using var rows = _command.ExecuteReader();
            var found = 0;
            while (rows.Read())
            {
                found += rows.GetInt64(0) >= 0 && rows.GetDouble(1) < 0 ? 1 : 0;
            }

            return found;
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }
    }
}
