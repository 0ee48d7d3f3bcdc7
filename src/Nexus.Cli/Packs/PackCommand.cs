using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Cli.Search;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Packs;

/// <summary><c>nexus pack TEXT</c>: bundles what answers a question into an influence pack.</summary>
internal static class PackCommand
{
    public static Command Create(CommandRunner verb)
    {
        var options = new SearchOptions();
        var maxChars = new Option<int?>("--max-chars") { Description = "Most characters of all excerpts together.", HelpName = "n" };
        var maxTokens = new Option<int?>("--max-tokens") { Description = "Most tokens of all excerpts together.", HelpName = "n" };
        var maxCards = new Option<int?>("--max-cards") { Description = "Most cards.", HelpName = "n" };
        var asText = new Option<bool>("--text") { Description = "Print the pack as one prompt-ready text, and nothing else." };
        var command = new Command("pack", "Bundle cards into an influence pack.") { maxChars, maxTokens, maxCards, asText };
        options.AddTo(command);
        return verb.SetAction(command, async (invocation, cancellationToken) =>
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

    private static void Show(IAnsiConsole screen, InfluencePack pack)
    {
        var used = pack.Metadata.BudgetUsed;
        screen.Write(Output.CreateDetails(
            ("pack", pack.PackId),
            ("query", pack.Query),
            ("found", $"{pack.Metadata.ResultCount} cards"),
            ("used", $"{used.Cards} cards, {used.Chars} characters, about {used.Tokens} tokens")));
        var cards = Output.CreateTable("score", "card", "excerpt");
        foreach (var card in pack.CardRefs)
        {
            cards.AddRow(Output.Cell(Output.FormatScore(card.Score)), Output.Cell(card.CardId), Output.Cell(card.Excerpt.ReplaceLineEndings(" ")));
        }

        screen.Write(cards);
        if (pack.Metadata.Dropped.Count > 0)
        {
            var dropped = Output.CreateTable("score", "left out", "why");
            foreach (var card in pack.Metadata.Dropped)
            {
                dropped.AddRow(Output.Cell(Output.FormatScore(card.Score)), Output.Cell(card.CardId), Output.Cell(card.Reason));
            }

            screen.Write(dropped);
        }
    }
}
