using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Nexus.Cli.CommandLine;

/// <summary>Writes results to stdout: as tables for people, or as the JSON of the API for programs.</summary>
internal sealed class Output(Terminal terminal, bool json)
{
    private static readonly JsonWriterOptions _indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool IsJson => json;

    /// <summary>Writes a result as JSON, or as a table with <paramref name="table"/>.</summary>
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

    /// <summary>Writes text unchanged; on a terminal, without control characters.</summary>
    public void WriteText(string text)
    {
        terminal.Out.Write(terminal.IsOutputTerminal ? Terminal.Sanitize(text) : text);
        if (terminal.IsOutputTerminal && !text.EndsWith('\n'))
        {
            terminal.Out.WriteLine();
        }
    }

    public static Table CreateTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    /// <summary>A two-column grid of names and values. Null values are left out.</summary>
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

    /// <summary>Untrusted text as a table cell: no markup and no control characters.</summary>
    public static Text Cell(string? text) => new(Terminal.Sanitize(text ?? ""));

    /// <summary>Four significant digits, so that a small score does not look like 0.</summary>
    public static string FormatScore(double value) =>
        value.ToString(Math.Abs(value) is 0 or >= 0.001 ? "0.####" : "0.###E+0", CultureInfo.InvariantCulture);

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
