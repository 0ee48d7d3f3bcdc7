using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nexus.Cli.Running;
using Nexus.Client;

namespace Nexus.Cli.Atoms;

/// <summary><c>nexus atom …</c>: make text of raw assets and read it.</summary>
internal static class AtomCommand
{
    public static Command Create(CommandRunner verb) => new("atom", "Make text of raw assets and read it.")
    {
        CreateCreate(verb),
        CreateGet(verb),
        CreateList(verb),
    };

    private static Command CreateCreate(CommandRunner verb)
    {
        var asset = new Argument<string>("asset") { Description = "The asset's id." };
        var op = new Argument<string>("op") { Description = "The op, such as text_split." };
        var param = new Option<string[]>("--param") { Description = "A param of the op, such as max_chars=1000; may be repeated.", HelpName = "name=value" };
        var command = new Command("create", "Make an atom of an asset; the same request gives the same atom.") { asset, op, param };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var atom = await invocation.Connect().Client.CreateAtomAsync(invocation.Get(asset), invocation.Get(op), ParseParams(invocation.Get(param)), cancellationToken);
            invocation.Output.Write(atom, WireJson.Default.AtomArtifact, screen => screen.Write(AtomTable.CreateDetails(atom)));
        });
    }

    private static Command CreateGet(CommandRunner verb)
    {
        var id = new Argument<string>("id") { Description = "The atom's id." };
        var asText = new Option<bool>("--text") { Description = "Print the atom's text, and nothing else." };
        var command = new Command("get", "Show one atom.") { id, asText };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var atom = await invocation.Connect().Client.GetAtomAsync(invocation.Get(id), cancellationToken);
            if (invocation.Get(asText))
            {
                invocation.Output.WriteText(atom.Content ?? throw CommandException.Usage("client.content: this atom has no text of its own."));
                return;
            }

            invocation.Output.Write(atom, WireJson.Default.AtomArtifact, screen =>
            {
                screen.Write(AtomTable.CreateDetails(atom));
                screen.Write(Output.Cell(atom.Content is { } content ? $"\n{content}\n" : ""));
            });
        });
    }

    private static Command CreateList(CommandRunner verb)
    {
        var asset = new Option<string?>("--asset") { Description = "Only atoms of this asset.", HelpName = "id" };
        var atom = new Option<string?>("--atom") { Description = "Only parts of this atom.", HelpName = "id" };
        var op = new Option<string?>("--op") { Description = "Only atoms of this op.", HelpName = "op" };
        var limit = LimitOption.Create("Most atoms shown.");
        var command = new Command("list", "List atoms, newest first, each before its parts.") { asset, atom, op, limit };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var most = invocation.Get(limit);
            var atoms = await invocation.Connect().Client
                .ListAtomsAsync(invocation.Get(asset), invocation.Get(atom), invocation.Get(op), Math.Min(most, 100), cancellationToken)
                .Take(most)
                .ToListAsync(cancellationToken);
            invocation.Output.Write(atoms, AtomListJson.Default.ListAtomArtifact, screen => screen.Write(AtomTable.Create(atoms)));
        });
    }

    /// <summary>Whole numbers, true and false are what they look like; anything else is text.</summary>
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
                throw CommandException.Usage($"client.param: '{param}' is not name=value.");
            }

            var text = param[(equals + 1)..];
            values[param[..equals]] = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
                : text is "true" or "false" ? JsonValue.Create(text == "true")
                : JsonValue.Create(text);
        }

        return JsonSerializer.SerializeToElement(values, WireJson.Default.JsonObject);
    }
}
