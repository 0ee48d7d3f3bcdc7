using System.CommandLine;
using System.Globalization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Privacy;

/// <summary><c>nexus privacy …</c>: what may be trained on, and what is kept of a person.</summary>
internal static class PrivacyCommand
{
    public static Command Create(CommandRunner verb) => new("privacy", "Say what may be trained on; have a person forgotten, or told what is stored of them.")
    {
        CreateShow(verb),
        CreateSet(verb, "opt-out", optOut: true, "Forbid training on content by or about you."),
        CreateSet(verb, "opt-in", optOut: false, "Allow training on content by or about you, whatever the tenant says."),
        CreateExport(verb),
        ErasureCommand.CreateErase(verb),
        ErasureCommand.CreateApprove(verb),
        ErasureCommand.CreateList(verb),
        ErasureCommand.CreateExport(verb),
    };

    private static Command CreateExport(CommandRunner verb)
    {
        var shape = new Option<string>("--shape") { Description = "events, as they are, or messages, as chats.", HelpName = "events|messages", DefaultValueFactory = _ => "events" };
        shape.AcceptOnlyFromAmong("events", "messages");
        var from = new Option<string?>("--from") { Description = "Only events recorded at or after this; without an offset, UTC.", HelpName = "time" };
        var to = new Option<string?>("--to") { Description = "Only events recorded before this; without an offset, UTC.", HelpName = "time" };
        var surface = new Option<string?>("--surface") { Description = "Only of this part of the product.", HelpName = "name" };
        var type = new Option<string?>("--type") { Description = "Only events of this type.", HelpName = "type" };
        var after = new Option<long?>("--after") { Description = "Only behind this seq, to go on where an export broke off.", HelpName = "seq" };
        var proofs = new Option<bool>("--proofs") { Description = "Have each line prove that the signed log holds it." };
        var file = new Option<string?>("--out") { Description = "Write to this file, which must not be there.", HelpName = "file" };
        var command = new Command("export", "Take out what may be trained on, oldest first; the last line says what was left out and why. Admin.") { shape, from, to, surface, type, after, proofs, file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var (start, end) = (Download.ParseTime("--from", invocation.Get(from)), Download.ParseTime("--to", invocation.Get(to)));
            await using var export = await invocation.Connect().Client.OpenTrainingExportAsync(
                invocation.Get(shape)!, start, end, invocation.Get(surface), invocation.Get(type), invocation.Get(after), invocation.Get(proofs), cancellationToken);
            await Download.WriteAsync(export, invocation.Get(file), invocation.Terminal, cancellationToken);
        });
    }

    private static Command CreateShow(CommandRunner verb)
    {
        var user = new Option<string?>("--user") { Description = "Another person, for admins.", HelpName = "id" };
        var command = new Command("show", "Show what counts for a person now, and why.") { user };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var said = await invocation.Connect().Client.GetTrainingPreferencesAsync(invocation.Get(user), cancellationToken);
            invocation.Output.Write(said, WireJson.Default.TrainingPreferences, screen => Show(screen, said));
        });
    }

    private static Command CreateSet(CommandRunner verb, string name, bool optOut, string summary)
    {
        var tenant = new Option<bool>("--tenant-wide") { Description = "Say it for the tenant: it counts for everybody who has not said otherwise. Needs an admin." };
        var command = new Command(name, summary) { tenant };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var said = invocation.Get(tenant)
                ? await client.SetTenantPreferenceAsync(new TenantPreferenceRequest { OptOut = optOut }, cancellationToken)
                : await client.SetUserPreferenceAsync(new UserPreferenceRequest { UserId = (await client.GetMeAsync(cancellationToken)).User.UserId, OptOut = optOut }, cancellationToken);
            invocation.Output.Write(said, WireJson.Default.TrainingPreference, screen => screen.Write(Output.CreateDetails(
                ("whose", DescribeOwner(said)),
                ("training", said.OptOut ? "not allowed" : "allowed"),
                ("version", said.Version.ToString(CultureInfo.InvariantCulture)))));
        });
    }

    private static void Show(IAnsiConsole screen, TrainingPreferences said)
    {
        screen.Write(Output.CreateDetails(("tenant", $"{said.TenantId} ({said.Env})"), ("training", said.TrainOk ? "allowed, where no personal data is found" : "not allowed")));
        var table = Output.CreateTable("whose", "training", "version", "said", "by");
        foreach (var preference in said.Preferences)
        {
            table.AddRow(
                Output.Cell(DescribeOwner(preference)),
                Output.Cell(preference.OptOut ? "not allowed" : "allowed"),
                Output.Cell(preference.Version.ToString(CultureInfo.InvariantCulture)),
                Output.Cell(UtcTime.Format(preference.UpdatedAt)),
                Output.Cell(preference.UpdatedBy ?? ""));
        }

        screen.Write(table);
    }

    private static string DescribeOwner(TrainingPreference said) => said.UserId ?? $"tenant {said.TenantId}";
}
