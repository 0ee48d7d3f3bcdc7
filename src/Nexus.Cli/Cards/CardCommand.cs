using System.CommandLine;
using Nexus.Cli.Cards.Import;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Cards;

/// <summary><c>nexus card …</c>: write and read cards.</summary>
internal static class CardCommand
{
    public static Command Create(CommandRunner verb) => new("card", "Write and read cards.")
    {
        CreateAdd(verb),
        CreateGet(verb),
        CreateList(verb),
        CardImportCommand.Create(verb),
    };

    private static Command CreateAdd(CommandRunner verb)
    {
        var file = new Argument<string>("file") { Description = "A front-matter file, or - for stdin." };
        var type = new Option<string?>("--type") { Description = "Card type for a text that has none.", HelpName = "type" };
        var command = new Command("add", "Store one card.") { file, type };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var text = await ReadAsync(invocation, invocation.Get(file), cancellationToken);
            var card = await invocation.Connect().Client.CreateCardAsync(
                invocation.Get(type) is { } cardType ? CardText.WithCardType(text, cardType) : text, cancellationToken);
            invocation.Output.Write(card, WireJson.Default.Card, screen => screen.Write(CardTable.CreateDetails(card)));
        });
    }

    private static Command CreateGet(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The card's id." };
        var asText = new Option<bool>("--text") { Description = "Print the card's text as it was posted, and nothing else." };
        var command = new Command("get", "Show one card.") { id, asText };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var card = (await invocation.Connect().Client.GetCardAsync(invocation.Get(id), cancellationToken)).Value;
            if (invocation.Get(asText))
            {
                invocation.Output.WriteText(card.FullText);
                return;
            }

            invocation.Output.Write(card, WireJson.Default.Card, screen =>
            {
                screen.Write(CardTable.CreateDetails(card));
                screen.Write(Output.Cell($"\n{card.BodyText}\n"));
            });
        });
    }

    private static Command CreateList(CommandRunner verb)
    {
        var type = new Option<string?>("--type") { Description = "Only cards of this type.", HelpName = "type" };
        var limit = LimitOption.Create("Most cards shown.");
        var command = new Command("list", "List cards, newest first.") { type, limit };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var most = invocation.Get(limit);
            var cards = await invocation.Connect().Client
                .ListCardsAsync(invocation.Get(type), pageSize: Math.Min(most, 100), cancellationToken: cancellationToken)
                .Take(most)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(cards, CardListJson.Default.ListCard, screen => screen.Write(CardTable.Create(cards)));
        });
    }

    private static async Task<string> ReadAsync(Invocation invocation, string file, CancellationToken cancellationToken)
        => file == "-"
            ? await invocation.Terminal.In.ReadToEndAsync(cancellationToken)
            : await CardFile.ReadAsync(file, cancellationToken) ?? throw CommandException.Usage($"client.file: '{file}' is not UTF-8 text.");
}
