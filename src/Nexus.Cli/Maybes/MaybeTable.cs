using System.Text.Json.Serialization;
using Nexus.Cli.CommandLine;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Maybes;

/// <summary>Notes as tables.</summary>
internal static class MaybeTable
{
    public static Grid CreateDetails(MaybeItem item) => Output.CreateDetails(
        ("item", item.Id),
        ("title", item.Title),
        ("space", item.Space),
        ("tags", item.Tags.Count == 0 ? null : string.Join(", ", item.Tags)),
        ("user", item.UserId),
        ("source", item.SourceEngine is { } engine ? $"{item.SourceType} ({engine})" : item.SourceType),
        ("marks", FormatMarks(item)),
        ("tenant", $"{item.TenantId} ({item.Env})"),
        ("created", UtcTime.Format(item.CreatedAt)),
        ("updated", UtcTime.Format(item.UpdatedAt)));

    public static Table Create(IReadOnlyList<MaybeItem> items)
    {
        var table = Output.CreateTable("item", "space", "title", "tags", "marks", "created");
        foreach (var item in items)
        {
            table.AddRow(
                Output.Cell(item.Id), Output.Cell(item.Space), Output.Cell(item.Title), Output.Cell(string.Join(", ", item.Tags)),
                Output.Cell(FormatMarks(item)), Output.Cell(UtcTime.Format(item.CreatedAt)));
        }

        return table;
    }

    private static string? FormatMarks(MaybeItem item) => (item.Pinned, item.Archived) switch
    {
        (true, true) => "pinned, archived",
        (true, false) => "pinned",
        (false, true) => "archived",
        _ => null,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<MaybeItem>))]
internal sealed partial class MaybeListJson : JsonSerializerContext;
