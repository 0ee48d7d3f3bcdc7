using System.Globalization;
using System.Text.Json.Serialization;
using Nexus.Cli.CommandLine;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Assets;

/// <summary>Assets as tables.</summary>
internal static class AssetTable
{
    public static Grid CreateDetails(RawAsset asset) => Output.CreateDetails(
        ("asset", asset.AssetId),
        ("file", asset.Filename),
        ("type", asset.ContentType),
        ("bytes", FormatBytes(asset)),
        ("sha256", asset.Sha256),
        ("tenant", $"{asset.TenantId} ({asset.Env})"),
        ("created", $"{UtcTime.Format(asset.CreatedAt)} by {asset.CreatedBy}"));

    public static Table Create(IReadOnlyList<RawAsset> assets)
    {
        var table = Output.CreateTable("asset", "file", "type", "bytes", "created");
        foreach (var asset in assets)
        {
            table.AddRow(
                Output.Cell(asset.AssetId), Output.Cell(asset.Filename), Output.Cell(asset.ContentType), Output.Cell(FormatBytes(asset)),
                Output.Cell(UtcTime.Format(asset.CreatedAt)));
        }

        return table;
    }

    private static string FormatBytes(RawAsset asset) => asset.SizeBytes.ToString(CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<RawAsset>))]
internal sealed partial class AssetListJson : JsonSerializerContext;
