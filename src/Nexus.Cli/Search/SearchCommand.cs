using System.CommandLine;
using System.Globalization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Search;

/// <summary><c>nexus search TEXT</c>: the best matching cards.</summary>
internal static class SearchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var options = new SearchOptions();
        var explain = new Option<bool>("--explain") { Description = "Show how each score was computed." };
        var command = new Command("search", "Search cards.") { explain };
        options.AddTo(command);
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var explained = invocation.Get(explain);
            var results = await invocation.Connect().Client.SearchAsync(options.Read(invocation, explained), cancellationToken);
            invocation.Output.Write(results, WireJson.Default.SearchResults, screen => screen.Write(CreateTable(results, explained)));
        });
    }

    private static Table CreateTable(IReadOnlyList<SearchResult> results, bool explained)
    {
        var table = explained
            ? Output.CreateTable("score", "card", "type", "title", "snippet", "explanation")
            : Output.CreateTable("score", "card", "type", "title", "snippet");
        foreach (var result in results)
        {
            List<Text> row =
            [
                Output.Cell(Output.FormatScore(result.Score)),
                Output.Cell(result.Id),
                Output.Cell(result.Metadata.CardType),
                Output.Cell(result.Metadata.Title),
                Output.Cell(result.Snippet.ReplaceLineEndings(" ")),
            ];
            if (explained)
            {
                row.Add(Output.Cell(FormatExplanation(result.Explain)));
            }

            table.AddRow(row);
        }

        return table;
    }

    private static string FormatExplanation(SearchExplanation? explanation) => explanation is null ? "" : string.Join(
        '\n',
        new[]
        {
            explanation.Mode,
            explanation.LexicalRank is { } lexical ? $"lexical #{lexical}" : null,
            explanation.Bm25 is { } bm25 ? $"bm25 {Output.FormatScore(bm25)}" : null,
            explanation.Terms is { } terms ? $"terms {string.Join(' ', terms)}" : null,
            explanation.SemanticRank is { } semantic ? $"semantic #{semantic}" : null,
            explanation.Similarity is { } similarity ? $"similarity {Output.FormatScore(similarity)}" : null,
            explanation.EmbeddedShare is { } share ? $"embedded {share.ToString("P0", CultureInfo.InvariantCulture)}" : null,
            explanation.Degraded is { } degraded ? $"degraded: {degraded}" : null,
        }.Where(line => line is not null));
}
