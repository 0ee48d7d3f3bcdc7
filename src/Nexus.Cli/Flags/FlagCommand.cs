using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Flags;

/// <summary><c>nexus flag …</c>: read, write, carry and evaluate feature flags.</summary>
internal static class FlagCommand
{
    public static Command Create(CommandRunner verb) => new("flag", "Read, write, carry and evaluate feature flags.")
    {
        CreateList(verb),
        CreateGet(verb),
        CreateSet(verb),
        CreateRemove(verb),
        CreateImport(verb),
        CreateExport(verb),
        CreateEval(verb),
    };

    private static Command CreateList(CommandRunner verb) => verb.SetAction(new Command("list", "List flags as they count, by key."), async (invocation, cancellationToken) =>
    {
        var flags = await invocation.Connect().Client.ListFlagsAsync(100, cancellationToken).ToListAsync(cancellationToken);
        invocation.Output.Write(flags, FlagListJson.Default.ListFlagRecord, screen =>
        {
            var table = Output.CreateTable("key", "state", "default", "targeting", "layer", "version");
            foreach (var flag in flags)
            {
                table.AddRow(
                    Output.Cell(flag.Key),
                    Output.Cell(GetStringMember(flag, "state")),
                    Output.Cell(GetStringMember(flag, "defaultVariant")),
                    Output.Cell(flag.Definition.TryGetProperty("targeting", out _) ? "yes" : ""),
                    Output.Cell(flag.Layer),
                    Output.Cell(flag.Version.ToString(CultureInfo.InvariantCulture)));
            }

            screen.Write(table);
        });
    });

    private static Command CreateGet(CommandRunner verb)
    {
        var key = CreateKeyArgument();
        var at = new Option<string?>("--at") { Description = "As it counted with this event of the log, or at this time.", HelpName = "seq|time" };
        var command = new Command("get", "Show a flag as it counts, or as it counted then.") { key, at };
        return verb.SetAction(command, async (invocation, cancellationToken) => WriteFlag(invocation, await invocation.Connect().Client.GetFlagAsync(invocation.Get(key), invocation.Get(at), cancellationToken)));
    }

    private static Command CreateSet(CommandRunner verb)
    {
        var key = CreateKeyArgument();
        var definition = new Option<string?>("--file") { Description = "A definition in flagd's shape; - is standard input.", HelpName = "file" };
        var state = new Option<string?>("--state") { Description = "Turn a flag that is there on or off.", HelpName = "on|off" };
        state.AcceptOnlyFromAmong("on", "off");
        var variant = new Option<string?>("--default") { Description = "Give a flag that is there another default.", HelpName = "variant" };
        var command = new Command("set", "Define a flag, or change its state or default for your tenant. Admin.") { key, definition, state, variant };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var json = invocation.Get(definition) is { } file ? await ReadAsync(invocation, file, cancellationToken) : new JsonObject();
            SetMember(json, "state", invocation.Get(state) switch { null => null, "on" => "ENABLED", _ => "DISABLED" });
            SetMember(json, "defaultVariant", invocation.Get(variant));
            if (json.Count == 0)
            {
                throw CommandException.Usage("client.usage: say what to set: --file, --state or --default.");
            }

            WriteFlag(invocation, await invocation.Connect().Client.PutFlagAsync(invocation.Get(key), ToElement(json), cancellationToken));
        });
    }

    private static Command CreateRemove(CommandRunner verb)
    {
        var key = CreateKeyArgument();
        var command = new Command("rm", "Take back what your tenant wrote of a flag. Admin.") { key };
        return verb.SetAction(command, async (invocation, cancellationToken) => await invocation.Connect().Client.DeleteFlagAsync(invocation.Get(key), cancellationToken));
    }

    private static Command CreateImport(CommandRunner verb)
    {
        var file = new Argument<string>("file") { Description = "A flagd file; - is standard input." };
        var command = new Command("import", "Import a flagd file: all of its flags, or none. Admin.") { file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var imported = await invocation.Connect().Client.ImportFlagsAsync(ToElement(await ReadAsync(invocation, invocation.Get(file), cancellationToken)), cancellationToken);
            invocation.Output.Write(imported, WireJson.Default.FlagImport, screen => screen.Write(Output.CreateDetails(
                ("imported", imported.Imported.ToString(CultureInfo.InvariantCulture)), ("version", imported.Version.ToString(CultureInfo.InvariantCulture)))));
        });
    }

    private static Command CreateExport(CommandRunner verb)
    {
        var all = new Option<bool>("--all") { Description = "Flags of tenant-0 and built-in ones too, as they count for the tenant." };
        var command = new Command("export", "Write the tenant's flags as a flagd file.") { all };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var flags = new JsonObject();
            await foreach (var flag in client.ListFlagsAsync(100, cancellationToken))
            {
                // Who wrote a flag is told of the tenant's own alone, whichever tenant it is.
                if (invocation.Get(all) || flag.UpdatedBy is not null)
                {
                    flags[flag.Key] = JsonNode.Parse((invocation.Get(all) ? flag.Definition : flag.Change ?? flag.Definition).GetRawText());
                }
            }

            var file = new JsonObject { ["$schema"] = "https://flagd.dev/schema/v0/flags.json", ["flags"] = flags };
            if (await client.GetFlagEvaluatorsAsync(cancellationToken) is var evaluators && evaluators.GetPropertyCount() > 0)
            {
                file["$evaluators"] = JsonNode.Parse(evaluators.GetRawText());
            }

            invocation.Output.WriteText(JsonSerializer.Serialize(file, FlagFileJson.Default.JsonObject) + "\n");
        });
    }

    private static Command CreateEval(CommandRunner verb)
    {
        var key = CreateKeyArgument();
        var context = new Option<string?>("--context") { Description = "For whom, as a JSON object.", HelpName = "json" };
        var command = new Command("eval", "Say what a flag is for a context, step by step.") { key, context };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var explained = await invocation.Connect().Client.ExplainFlagAsync(invocation.Get(key), invocation.Get(context) is { } text ? ToElement(Parse(text)) : null, cancellationToken);
            invocation.Output.Write(explained, WireJson.Default.FlagExplanation, screen =>
            {
                screen.Write(Output.CreateDetails(
                    ("flag", explained.Key),
                    ("value", explained.Value is { } value ? value.GetRawText() : "(the caller's own default)"),
                    ("variant", explained.Variant ?? "(none)"),
                    ("reason", explained.ErrorDetails is { } details ? $"{explained.Reason}: {details}" : explained.Reason),
                    ("layer", explained.Layer)));
                var steps = Output.CreateTable("where", "operator", "given", "comes to");
                foreach (var step in explained.Steps)
                {
                    steps.AddRow(Output.Cell(step.Path), Output.Cell(step.Operator), Output.Cell(string.Join(", ", step.Inputs)), Output.Cell(step.Outcome));
                }

                screen.Write(steps);
            });
        });
    }

    private static Argument<string> CreateKeyArgument() => new("key") { Description = "The flag's key." };

    private static void WriteFlag(Invocation invocation, FlagRecord flag) => invocation.Output.Write(flag, WireJson.Default.FlagRecord, screen => screen.Write(Output.CreateDetails(
        ("flag", flag.Key),
        ("state", GetStringMember(flag, "state")),
        ("default", GetStringMember(flag, "defaultVariant")),
        ("layer", flag.Layer),
        ("version", flag.Version.ToString(CultureInfo.InvariantCulture)),
        ("definition", flag.Definition.GetRawText()))));

    private static string GetStringMember(FlagRecord flag, string name) => flag.Definition.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static void SetMember(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static async Task<JsonObject> ReadAsync(Invocation invocation, string file, CancellationToken cancellationToken)
        => Parse(file == "-" ? await invocation.Terminal.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file, Encoding.UTF8, cancellationToken));

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw CommandException.Usage("client.json: give a JSON object.");
        }
        catch (JsonException exception)
        {
            throw CommandException.Usage("client.json: this is no JSON: " + exception.Message);
        }
    }

    private static JsonElement ToElement(JsonObject json) => JsonSerializer.SerializeToElement(json, WireJson.Default.JsonObject);
}

/// <summary>Flags as a list.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<FlagRecord>))]
internal sealed partial class FlagListJson : JsonSerializerContext;

/// <summary>A flagd file, for people's eyes too.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class FlagFileJson : JsonSerializerContext;
