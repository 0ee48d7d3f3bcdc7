using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.Assets;

/// <summary><c>nexus asset …</c>: upload and read files.</summary>
internal static class AssetCommand
{
    public static Command Create(CommandRunner runner) => new("asset", "Upload and read files (raw assets).")
    {
        CreatePut(runner),
        CreateGet(runner),
        CreateList(runner),
        CreateDelete(runner),
    };

    private static Command CreatePut(CommandRunner runner)
    {
        var file = new Argument<string>("file") { Description = "File to upload." };
        var type = new Option<string?>("--type") { Description = "Media type. Default: derived from the file name.", HelpName = "type" };
        var command = new Command("put", "Upload a file.") { file, type };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var path = invocation.Get(file);
            await using var bytes = FilePath.OpenRead(path);
            if (bytes.Length == 0)
            {
                throw CommandException.Usage($"client.file: '{Terminal.ToSingleLine(path)}' is empty.");
            }

            var name = Path.GetFileName(path);
            var asset = await invocation.Connect().Client.PutAssetAsync(
                bytes, name, invocation.Get(type) ?? MediaTypes.FromFilename(name), cancellationToken: cancellationToken);
            invocation.Output.Write(asset, WireJson.Default.RawAsset, screen => screen.Write(AssetTable.CreateDetails(asset)));
        });
    }

    private static Command CreateGet(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Asset id." };
        var to = new Option<string?>("--to")
        {
            Description = "Save the content to this file; fails if the file exists.",
            HelpName = "file",
        };
        var command = new Command("get", "Show an asset, or download its content.") { id, to };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var asset = await client.GetAssetAsync(invocation.Get(id), cancellationToken);
            if (invocation.Get(to) is { } path)
            {
                await Download.SaveAsync(target => client.GetAssetContentAsync(asset.AssetId, target, cancellationToken), path);
            }

            invocation.Output.Write(asset, WireJson.Default.RawAsset, screen => screen.Write(AssetTable.CreateDetails(asset)));
        });
    }

    private static Command CreateList(CommandRunner runner)
    {
        var type = new Option<string?>("--type") { Description = "Only assets of this media type.", HelpName = "type" };
        var limit = LimitOption.Create("Maximum number of assets.");
        var command = new Command("list", "List assets, newest first.") { type, limit };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var count = invocation.Get(limit);
            var assets = await invocation.Connect().Client
                .ListAssetsAsync(invocation.Get(type), pageSize: Math.Min(count, 100), cancellationToken: cancellationToken)
                .Take(count)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(assets, AssetListJson.Default.ListRawAsset, screen => screen.Write(AssetTable.Create(assets)));
        });
    }

    private static Command CreateDelete(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Asset id." };
        var command = new Command("delete", "Delete an asset and its content. Admin.") { id };
        return runner.SetAction(
            command,
            (invocation, cancellationToken) => invocation.Connect().Client.DeleteAssetAsync(invocation.Get(id), cancellationToken));
    }
}
