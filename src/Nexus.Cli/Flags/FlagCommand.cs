using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Flags;

/// <summary><c>nexus flag …</c>: manage and evaluate feature flags.</summary>
internal static class FlagCommand
{
    public static Command Create(CommandRunner runner) => new("flag", "Manage and evaluate feature flags.")
    {
        CreateList(runner),
        CreateGet(runner),
        CreateSet(runner),
        CreateRemove(runner),
        CreateImport(runner),
        CreateExport(runner),
        CreateEval(runner),
    };

    private static Command CreateList(CommandRunner runner)
    {
        var command = new Command("list", "List effective flags, sorted by key.");
        return runner.SetAction(command, async (invocation, cancellationToken) =>
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
    }

    private static Command CreateGet(CommandRunner runner)
    {
        var key = CreateKeyArgument();
        var at = new Option<string?>("--at") { Description = "Show the flag as of this event (seq) or time.", HelpName = "seq|time" };
        var command = new Command("get", "Show the effective flag, now or at a point in the past.") { key, at };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
            WriteFlag(
                invocation, await invocation.Connect().Client.GetFlagAsync(invocation.Get(key), invocation.Get(at), cancellationToken)));
    }

    private static Command CreateSet(CommandRunner runner)
    {
        var key = CreateKeyArgument();
        var definition = new Option<string?>("--file") { Description = "flagd definition, or - for stdin.", HelpName = "file" };
        var state = new Option<string?>("--state") { Description = "Turn an existing flag on or off.", HelpName = "on|off" };
        state.AcceptOnlyFromAmong("on", "off");
        var variant = new Option<string?>("--default") { Description = "New default variant of an existing flag.", HelpName = "variant" };
        var command = new Command("set", "Define a flag, or change its state or default for your tenant. Admin.")
        {
            key, definition, state, variant,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var json = invocation.Get(definition) is { } file ? await ReadAsync(invocation, file, cancellationToken) : new JsonObject();
            SetMember(json, "state", invocation.Get(state) switch { null => null, "on" => "ENABLED", _ => "DISABLED" });
            SetMember(json, "defaultVariant", invocation.Get(variant));
            if (json.Count == 0)
            {
                throw CommandException.Usage("client.usage: Nothing to set. Pass --file, --state or --default.");
            }

            WriteFlag(
                invocation, await invocation.Connect().Client.PutFlagAsync(invocation.Get(key), ToElement(json), cancellationToken));
        });
    }

    private static Command CreateRemove(CommandRunner runner)
    {
        var key = CreateKeyArgument();
        var command = new Command("rm", "Remove your tenant's override. Admin.") { key };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
            await invocation.Connect().Client.DeleteFlagAsync(invocation.Get(key), cancellationToken));
    }

    private static Command CreateImport(CommandRunner runner)
    {
        var file = new Argument<string>("file") { Description = "flagd file, or - for stdin." };
        var command = new Command("import", "Import a flagd file. Imports all of its flags or none. Admin.") { file };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var definitions = await ReadAsync(invocation, invocation.Get(file), cancellationToken);
            var imported = await invocation.Connect().Client.ImportFlagsAsync(ToElement(definitions), cancellationToken);
            invocation.Output.Write(imported, WireJson.Default.FlagImport, screen => screen.Write(Output.CreateDetails(
                ("imported", imported.Imported.ToString(CultureInfo.InvariantCulture)),
                ("version", imported.Version.ToString(CultureInfo.InvariantCulture)))));
        });
    }

    private static Command CreateExport(CommandRunner runner)
    {
        var all = new Option<bool>("--all") { Description = "Include flags of tenant-0 and built-in flags, as they apply to the tenant." };
        var command = new Command("export", "Print the tenant's flags as a flagd file.") { all };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var flags = new JsonObject();
            await foreach (var flag in client.ListFlagsAsync(100, cancellationToken))
            {
                // The server returns updated_by only for the tenant's own flags.
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

    private static Command CreateEval(CommandRunner runner)
    {
        var key = CreateKeyArgument();
        var context = new Option<string?>("--context") { Description = "Evaluation context, as a JSON object.", HelpName = "json" };
        var command = new Command("eval", "Evaluate a flag for a context and show each step.") { key, context };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var explained = await invocation.Connect().Client.ExplainFlagAsync(
                invocation.Get(key), invocation.Get(context) is { } text ? ToElement(Parse(text)) : null, cancellationToken);
            invocation.Output.Write(explained, WireJson.Default.FlagExplanation, screen =>
            {
                screen.Write(Output.CreateDetails(
                    ("flag", explained.Key),
                    ("value", explained.Value is { } value ? value.GetRawText() : "(the application's default)"),
                    ("variant", explained.Variant ?? "(none)"),
                    ("reason", explained.ErrorDetails is { } details ? $"{explained.Reason}: {details}" : explained.Reason),
                    ("layer", explained.Layer)));
                var steps = Output.CreateTable("path", "operator", "inputs", "result");
                foreach (var step in explained.Steps)
                {
                    steps.AddRow(
                        Output.Cell(step.Path), Output.Cell(step.Operator),
                        Output.Cell(string.Join(", ", step.Inputs)), Output.Cell(step.Outcome));
                }

                screen.Write(steps);
            });
        });
    }

    private static Argument<string> CreateKeyArgument() => new("key") { Description = "Flag key." };

    private static void WriteFlag(Invocation invocation, FlagRecord flag) =>
        invocation.Output.Write(flag, WireJson.Default.FlagRecord, screen => screen.Write(Output.CreateDetails(
        ("flag", flag.Key),
        ("state", GetStringMember(flag, "state")),
        ("default", GetStringMember(flag, "defaultVariant")),
        ("layer", flag.Layer),
        ("version", flag.Version.ToString(CultureInfo.InvariantCulture)),
        ("definition", flag.Definition.GetRawText()))));

    private static string GetStringMember(FlagRecord flag, string name) =>
        flag.Definition.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static void SetMember(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static async Task<JsonObject> ReadAsync(Invocation invocation, string file, CancellationToken cancellationToken)
        => Parse(file == "-"
            ? await invocation.Terminal.In.ReadToEndAsync(cancellationToken)
            : await FilePath.ReadTextAsync(file, cancellationToken));

    private static JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw CommandException.Usage("client.json: Expected a JSON object.");
        }
        catch (JsonException exception)
        {
            throw CommandException.Usage($"client.json: Invalid JSON: {Terminal.ToSingleLine(exception.Message)}");
        }
    }

    private static JsonElement ToElement(JsonObject json) => JsonSerializer.SerializeToElement(json, WireJson.Default.JsonObject);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(List<FlagRecord>))]
internal sealed partial class FlagListJson : JsonSerializerContext;

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class FlagFileJson : JsonSerializerContext;
