using System.CommandLine;
using System.Globalization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Search;

/// <summary><c>nexus search TEXT</c>: the cards that answer best.</summary>
internal static class SearchCommand
{
    public static Command Create(Verb verb)
    {
        var options = new SearchOptions();
        var explain = new Option<bool>("--explain") { Description = "Say what made each score." };
        var command = new Command("search", "Find cards.") { explain };
        options.AddTo(command);
        return verb.Does(command, async (invocation, cancellation) =>
        {
            var explained = invocation.Get(explain);
            var results = await invocation.Connect().Client.SearchAsync(options.Read(invocation, explained), cancellation);
            invocation.Output.Write(results, WireJson.Default.SearchResults, screen => screen.Write(Table(results, explained)));
        });
    }

    private static Table Table(IReadOnlyList<SearchResult> results, bool explained)
    {
        var table = explained
            ? Output.Table("score", "card", "type", "title", "snippet", "why")
            : Output.Table("score", "card", "type", "title", "snippet");
        foreach (var result in results)
        {
            List<Text> row =
            [
                Output.Cell(Output.Number(result.Score)),
                Output.Cell(result.Id),
                Output.Cell(result.Metadata.CardType),
                Output.Cell(result.Metadata.Title),
                Output.Cell(result.Snippet.ReplaceLineEndings(" ")),
            ];
            if (explained)
            {
                row.Add(Output.Cell(Why(result.Explain)));
            }

            table.AddRow(row);
        }

        return table;
    }

    private static string Why(SearchExplanation? explanation) => explanation is null ? "" : string.Join(
        '\n',
        new[]
        {
            explanation.Mode,
            explanation.LexicalRank is { } lexical ? $"lexical #{lexical}" : null,
            explanation.Bm25 is { } bm25 ? $"bm25 {Output.Number(bm25)}" : null,
            explanation.Terms is { } terms ? $"terms {string.Join(' ', terms)}" : null,
            explanation.SemanticRank is { } semantic ? $"semantic #{semantic}" : null,
            explanation.Similarity is { } similarity ? $"similarity {Output.Number(similarity)}" : null,
            explanation.EmbeddedShare is { } share ? $"embedded {share.ToString("P0", CultureInfo.InvariantCulture)}" : null,
            explanation.Degraded is { } degraded ? $"degraded: {degraded}" : null,
        }.Where(line => line is not null));
}
