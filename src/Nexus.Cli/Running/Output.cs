using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Nexus.Cli.Running;

/// <summary>Writes results to stdout: as tables for people, as the contract's JSON for programs.</summary>
internal sealed class Output(Terminal terminal, bool json)
{
    private static readonly JsonWriterOptions _indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson => json;

    /// <summary>Writes a result as JSON or as what <paramref name="table"/> makes of it.</summary>
    public void Write<T>(T result, JsonTypeInfo<T> type, Action<IAnsiConsole> table)
    {
        if (json)
        {
            WriteJson(result, type);
        }
        else
        {
            table(terminal.CreateOutputConsole());
        }
    }

    /// <summary>Writes text as it is; on a screen without what could steer the terminal.</summary>
    public void WriteText(string text)
    {
        terminal.Out.Write(terminal.IsOutputTerminal ? Terminal.Sanitize(text) : text);
        if (terminal.IsOutputTerminal && !text.EndsWith('\n'))
        {
            terminal.Out.WriteLine();
        }
    }

    /// <summary>A table with these columns.</summary>
    public static Table CreateTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    /// <summary>A two-column grid of names and values; values that are null are left out.</summary>
    public static Grid CreateDetails(params ReadOnlySpan<(string Name, string? Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in facts)
        {
            if (value is not null)
            {
                grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), Cell(value));
            }
        }

        return grid;
    }

    /// <summary>Text from outside as a cell: never markup, nothing that steers the terminal.</summary>
    public static Text Cell(string? text) => new(Terminal.Sanitize(text ?? ""));

    /// <summary>A score: four digits that count, so that a small one does not look like none.</summary>
    public static string FormatScore(double value) => value.ToString(Math.Abs(value) is 0 or >= 0.001 ? "0.####" : "0.###E+0", CultureInfo.InvariantCulture);

    private void WriteJson<T>(T result, JsonTypeInfo<T> type)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, _indented))
        {
            JsonSerializer.Serialize(writer, result, type);
        }

        terminal.Out.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }
}
