using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nexus.Cli.CommandLine;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Atoms;

/// <summary>Atoms as tables.</summary>
internal static class AtomTable
{
    public static Grid CreateDetails(AtomArtifact atom) => Output.CreateDetails(
        ("atom", atom.AtomId),
        ("op", $"{atom.OpType} {atom.OpVersion}"),
        ("params", GetMetadata(atom, "params")),
        ("asset", atom.ParentAssetId),
        ("of atom", GetMetadata(atom, "parent_atom_id")),
        ("parts", GetMetadata(atom, "child_count")),
        ("text", FormatLength(atom)),
        ("sha256", GetMetadata(atom, "sha256")));

    public static Table Create(IReadOnlyList<AtomArtifact> atoms)
    {
        var table = Output.CreateTable("atom", "op", "part", "text", "begins");
        table.Columns[0].NoWrap(); // A wrapped id cannot be copied.
        foreach (var atom in atoms)
        {
            var begins = atom.Content ?? "";
            table.AddRow(
                Output.Cell(atom.AtomId),
                Output.Cell(atom.OpType),
                Output.Cell(GetMetadata(atom, "part")),
                Output.Cell(FormatLength(atom)),
                Output.Cell(begins[..Math.Min(begins.Length, 40)].ReplaceLineEndings(" ")));
        }

        return table;
    }

    private static string? FormatLength(AtomArtifact atom) =>
        atom.Content?.Length.ToString(CultureInfo.InvariantCulture) is { } length ? length + " characters" : null;

    private static string? GetMetadata(AtomArtifact atom, string name) =>
        atom.Metadata.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<AtomArtifact>))]
internal sealed partial class AtomListJson : JsonSerializerContext;
