using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;

namespace Nexus.Cli.Atoms;

/// <summary><c>nexus atom …</c>: derive atoms from raw assets and read them.</summary>
internal static class AtomCommand
{
    public static Command Create(CommandRunner runner) => new("atom", "Create atoms (text chunks) from raw assets and read them.")
    {
        CreateCreate(runner),
        CreateGet(runner),
        CreateList(runner),
    };

    private static Command CreateCreate(CommandRunner runner)
    {
        var asset = new Argument<string>("asset") { Description = "Asset id." };
        var op = new Argument<string>("op") { Description = "Operation, for example text_split." };
        var param = new Option<string[]>("--param")
        {
            Description = "Parameter of the operation, for example max_chars=1000. Can be repeated.",
            HelpName = "name=value",
        };
        var command = new Command("create", "Create an atom from an asset. The same request returns the same atom.") { asset, op, param };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var atom = await invocation.Connect().Client.CreateAtomAsync(
                invocation.Get(asset), invocation.Get(op), ParseParams(invocation.Get(param)), cancellationToken);
            invocation.Output.Write(atom, WireJson.Default.AtomArtifact, screen => screen.Write(AtomTable.CreateDetails(atom)));
        });
    }

    private static Command CreateGet(CommandRunner runner)
    {
        var id = new Argument<string>("id") { Description = "Atom id." };
        var asText = new Option<bool>("--text") { Description = "Print only the text." };
        var command = new Command("get", "Show an atom.") { id, asText };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var atom = await invocation.Connect().Client.GetAtomAsync(invocation.Get(id), cancellationToken);
            if (invocation.Get(asText))
            {
                invocation.Output.WriteText(atom.Content ?? throw CommandException.Usage(
                    "client.content: This atom has no text. `nexus atom list --atom ID` lists its parts."));
                return;
            }

            invocation.Output.Write(atom, WireJson.Default.AtomArtifact, screen =>
            {
                screen.Write(AtomTable.CreateDetails(atom));
                screen.Write(Output.Cell(atom.Content is { } content ? $"\n{content}\n" : ""));
            });
        });
    }

    private static Command CreateList(CommandRunner runner)
    {
        var asset = new Option<string?>("--asset") { Description = "Only atoms of this asset.", HelpName = "id" };
        var atom = new Option<string?>("--atom") { Description = "Only parts of this atom.", HelpName = "id" };
        var op = new Option<string?>("--op") { Description = "Only atoms of this operation.", HelpName = "op" };
        var limit = LimitOption.Create("Maximum number of atoms.");
        var command = new Command("list", "List atoms, newest first. Each atom comes before its parts.") { asset, atom, op, limit };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var count = invocation.Get(limit);
            var atoms = await invocation.Connect().Client
                .ListAtomsAsync(invocation.Get(asset), invocation.Get(atom), invocation.Get(op), Math.Min(count, 100), cancellationToken)
                .Take(count)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(atoms, AtomListJson.Default.ListAtomArtifact, screen => screen.Write(AtomTable.Create(atoms)));
        });
    }

    /// <summary>Integers, true and false are sent as such; anything else is sent as text.</summary>
    private static JsonElement? ParseParams(string[]? given)
    {
        if (given is not { Length: > 0 })
        {
            return null;
        }

        var values = new JsonObject();
        foreach (var param in given)
        {
            var equals = param.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw CommandException.Usage(
                    $"client.param: Invalid parameter '{Terminal.ToSingleLine(param)}'. Expected name=value, for example "
                    + "max_chars=1000.");
            }

            var text = param[(equals + 1)..];
            var isInteger = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            values[param[..equals]] = isInteger ? JsonValue.Create(number)
                : text is "true" or "false" ? JsonValue.Create(text == "true")
                : JsonValue.Create(text);
        }

        return JsonSerializer.SerializeToElement(values, WireJson.Default.JsonObject);
    }
}
