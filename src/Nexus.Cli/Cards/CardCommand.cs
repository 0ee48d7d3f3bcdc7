using System.CommandLine;
using Nexus.Cli.Cards.Import;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.Cards;

/// <summary><c>nexus card …</c>: create and read cards.</summary>
internal static class CardCommand
{
    public static Command Create(CommandRunner runner) => new("card", "Create and read cards.")
    {
        CreateAdd(runner),
        CreateGet(runner),
        CreateList(runner),
        CardImportCommand.Create(runner),
    };

    private static Command CreateAdd(CommandRunner runner)
    {
        var file = new Argument<string>("file") { Description = "File with a YAML header and a text, or - for stdin." };
        var type = new Option<string?>("--type") { Description = "Card type to use if the header has none.", HelpName = "type" };
        var command = new Command("add", "Create a card from a file.") { file, type };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var text = await ReadAsync(invocation, invocation.Get(file), cancellationToken);
            var card = await invocation.Connect().Client.CreateCardAsync(
                invocation.Get(type) is { } cardType ? CardText.WithCardType(text, cardType) : text, cancellationToken);
            invocation.Output.Write(card, WireJson.Default.Card, screen => screen.Write(CardTable.CreateDetails(card)));
        });
    }

    private static Command CreateGet(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Card id." };
        var asText = new Option<bool>("--text") { Description = "Print only the text, exactly as posted." };
        var command = new Command("get", "Show a card.") { id, asText };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
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

    private static Command CreateList(CommandRunner runner)
    {
        var type = new Option<string?>("--type") { Description = "Only cards of this type.", HelpName = "type" };
        var limit = LimitOption.Create("Maximum number of cards.");
        var command = new Command("list", "List cards, newest first.") { type, limit };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var count = invocation.Get(limit);
            var cards = await invocation.Connect().Client
                .ListCardsAsync(invocation.Get(type), pageSize: Math.Min(count, 100), cancellationToken: cancellationToken)
                .Take(count)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(cards, CardListJson.Default.ListCard, screen => screen.Write(CardTable.Create(cards)));
        });
    }

    private static async Task<string> ReadAsync(Invocation invocation, string file, CancellationToken cancellationToken)
        => file == "-"
            ? await invocation.Terminal.In.ReadToEndAsync(cancellationToken)
            : await ReadFileAsync(file, cancellationToken);

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        FilePath.EnsureNotDirectory(file, "Use `nexus card import` for folders.");
        return await CardFile.ReadAsync(file, cancellationToken)
            ?? throw CommandException.Usage($"client.file: '{Terminal.ToSingleLine(file)}' is not UTF-8 text.");
    }
}
