using System.Text.Json;
using System.Text.Json.Serialization;
using Nexus.Cli.CommandLine;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Cards;

/// <summary>Cards as tables.</summary>
internal static class CardTable
{
    public static Grid CreateDetails(Card card) => Output.CreateDetails(
        ("card", card.CardId),
        ("type", card.CardType),
        ("version", card.Version),
        ("title", GetTitle(card)),
        ("tenant", $"{card.TenantId} ({card.Env})"),
        ("created", $"{UtcTime.Format(card.CreatedAt)} by {card.CreatedBy}"));

    public static Table Create(IReadOnlyList<Card> cards)
    {
        var table = Output.CreateTable("card", "type", "title", "created");
        foreach (var card in cards)
        {
            table.AddRow(
                Output.Cell(card.CardId), Output.Cell(card.CardType), Output.Cell(GetTitle(card)),
                Output.Cell(UtcTime.Format(card.CreatedAt)));
        }

        return table;
    }

    private static string? GetTitle(Card card)
        => card.Header.ValueKind == JsonValueKind.Object && card.Header.TryGetProperty("title", out var title)
            ? title.ToString()
            : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<Card>))]
internal sealed partial class CardListJson : JsonSerializerContext;
