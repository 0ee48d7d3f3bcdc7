using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Atoms;

/// <summary>Atoms for people.</summary>
internal static class AtomTable
{
    public static Grid Facts(AtomArtifact atom) => Output.Facts(
        ("atom", atom.AtomId),
        ("op", $"{atom.OpType} {atom.OpVersion}"),
        ("params", Said(atom, "params")),
        ("asset", atom.ParentAssetId),
        ("of atom", Said(atom, "parent_atom_id")),
        ("parts", Said(atom, "child_count")),
        ("text", Length(atom)),
        ("sha256", Said(atom, "sha256")));

    public static Table Of(IReadOnlyList<AtomArtifact> atoms)
    {
        var table = Output.Table("atom", "op", "part", "text", "begins");
        table.Columns[0].NoWrap(); // Half an id cannot be copied.
        foreach (var atom in atoms)
        {
            var begins = atom.Content ?? "";
            table.AddRow(
                Output.Cell(atom.AtomId),
                Output.Cell(atom.OpType),
                Output.Cell(Said(atom, "part")),
                Output.Cell(Length(atom)),
                Output.Cell(begins[..Math.Min(begins.Length, 40)].ReplaceLineEndings(" ")));
        }

        return table;
    }

    private static string? Length(AtomArtifact atom) => atom.Content?.Length.ToString(CultureInfo.InvariantCulture) is { } length ? length + " characters" : null;

    private static string? Said(AtomArtifact atom, string name) =>
        atom.Metadata.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;
}

/// <summary>The list as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<AtomArtifact>))]
internal sealed partial class AtomListJson : JsonSerializerContext;
