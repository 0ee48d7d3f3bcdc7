using System.CommandLine;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Assets;

/// <summary><c>nexus asset …</c>: keep files and read them.</summary>
internal static class AssetCommand
{
    public static Command Create(CommandRunner verb) => new("asset", "Keep files and read them.")
    {
        CreatePut(verb),
        CreateGet(verb),
        CreateList(verb),
        CreateDelete(verb),
    };

    private static Command CreatePut(CommandRunner verb)
    {
        var file = new Argument<string>("file") { Description = "The file to upload." };
        var type = new Option<string?>("--type") { Description = "Its media type; known for common endings.", HelpName = "type" };
        var command = new Command("put", "Upload a file and keep it.") { file, type };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var path = invocation.Get(file);
            await using var bytes = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            if (bytes.Length == 0)
            {
                throw CommandException.Usage($"client.file: '{path}' is empty.");
            }

            var name = Path.GetFileName(path);
            var asset = await invocation.Connect().Client.PutAssetAsync(bytes, name, invocation.Get(type) ?? MediaTypes.FromFilename(name), cancellationToken: cancellationToken);
            invocation.Output.Write(asset, WireJson.Default.RawAsset, screen => screen.Write(AssetTable.CreateDetails(asset)));
        });
    }

    private static Command CreateGet(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The asset's id." };
        var to = new Option<string?>("--to") { Description = "Write the bytes to this file, which must not be there.", HelpName = "file" };
        var command = new Command("get", "Show one asset, or fetch its bytes.") { id, to };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var asset = await client.GetAssetAsync(invocation.Get(id), cancellationToken);
            if (invocation.Get(to) is { } path)
            {
                await FetchAsync(client, asset, path, cancellationToken);
            }

            invocation.Output.Write(asset, WireJson.Default.RawAsset, screen => screen.Write(AssetTable.CreateDetails(asset)));
        });
    }

    /// <summary>A file that broke off is not left behind looking whole.</summary>
    private static async Task FetchAsync(NexusClient client, RawAsset asset, string path, CancellationToken cancellationToken)
    {
        await using var target = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
        try
        {
            await client.GetAssetContentAsync(asset.AssetId, target, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static Command CreateList(CommandRunner verb)
    {
        var type = new Option<string?>("--type") { Description = "Only assets of this media type.", HelpName = "type" };
        var limit = LimitOption.Create("Most assets shown.");
        var command = new Command("list", "List assets, newest first.") { type, limit };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var most = invocation.Get(limit);
            var assets = await invocation.Connect().Client
                .ListAssetsAsync(invocation.Get(type), pageSize: Math.Min(most, 100), cancellationToken: cancellationToken)
                .Take(most)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(assets, AssetListJson.Default.ListRawAsset, screen => screen.Write(AssetTable.Create(assets)));
        });
    }

    private static Command CreateDelete(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The asset's id." };
        var command = new Command("delete", "Delete an asset and its bytes. Admin.") { id };
        return verb.SetAction(command, (invocation, cancellationToken) => invocation.Connect().Client.DeleteAssetAsync(invocation.Get(id), cancellationToken));
    }
}
