using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Cli.Search;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Packs;

/// <summary><c>nexus pack TEXT</c>: bundles search results into an influence pack.</summary>
internal static class PackCommand
{
    public static Command Create(CommandRunner runner)
    {
        var options = new SearchOptions();
        var maxChars = new Option<int?>("--max-chars") { Description = "Maximum characters of all excerpts.", HelpName = "n" };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "Maximum tokens of all excerpts.", HelpName = "n" };
        var maxCards = new Option<int?>("--max-cards") { Description = "Maximum number of cards.", HelpName = "n" };
        var asText = new Option<bool>("--text") { Description = "Print only the text, ready for a prompt." };
        var command = new Command("pack", "Bundle search results into a pack for a prompt.") { maxChars, maxTokens, maxCards, asText };
        options.AddTo(command);
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var pack = await client.CreatePackAsync(
                new InfluencePackRequest
                {
                    Query = options.Read(invocation),
                    Budget = CreateBudget(invocation.Get(maxChars), invocation.Get(maxTokens), invocation.Get(maxCards)),
                },
                cancellationToken);
            if (invocation.Get(asText))
            {
                invocation.Output.WriteText(await client.GetPackTextAsync(pack.PackId, cancellationToken));
                return;
            }

            invocation.Output.Write(pack, WireJson.Default.InfluencePack, screen => Show(screen, pack));
        });
    }

    private static Budget? CreateBudget(int? chars, int? tokens, int? cards)
        => chars is null && tokens is null && cards is null ? null : new Budget { MaxChars = chars, MaxTokens = tokens, MaxCards = cards };

    private static string FormatCards(int count) => count == 1 ? "1 card" : $"{count} cards";

    private static void Show(IAnsiConsole screen, InfluencePack pack)
    {
        var used = pack.Metadata.BudgetUsed;
        screen.Write(Output.CreateDetails(
            ("pack", pack.PackId),
            ("query", pack.Query),
            ("found", FormatCards(pack.Metadata.ResultCount)),
            ("used", $"{FormatCards(used.Cards)}, {used.Chars} characters, about {used.Tokens} tokens")));
        var cards = Output.CreateTable("score", "card", "excerpt");
        foreach (var card in pack.CardRefs)
        {
            cards.AddRow(
                Output.Cell(Output.FormatScore(card.Score)), Output.Cell(card.CardId),
                Output.Cell(card.Excerpt.ReplaceLineEndings(" ")));
        }

        screen.Write(cards);
        if (pack.Metadata.Dropped.Count > 0)
        {
            var dropped = Output.CreateTable("score", "omitted", "reason");
            foreach (var card in pack.Metadata.Dropped)
            {
                dropped.AddRow(Output.Cell(Output.FormatScore(card.Score)), Output.Cell(card.CardId), Output.Cell(card.Reason));
            }

            screen.Write(dropped);
        }
    }
}
