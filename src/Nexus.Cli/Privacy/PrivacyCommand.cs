using System.CommandLine;
using System.Globalization;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Privacy;

/// <summary><c>nexus privacy …</c>: training preferences, erasure and subject access.</summary>
internal static class PrivacyCommand
{
    public static Command Create(CommandRunner runner) => new("privacy", "Training preferences, erasure and subject access.")
    {
        CreateShow(runner),
        CreateSet(runner, "opt-out", optOut: true, "Opt out of training on content by or about you."),
        CreateSet(runner, "opt-in", optOut: false, "Allow training on content by or about you, whatever the tenant's preference."),
        CreateExport(runner),
        ErasureCommand.CreateErase(runner),
        ErasureCommand.CreateApprove(runner),
        ErasureCommand.CreateList(runner),
        ErasureCommand.CreateExport(runner),
    };

    private static Command CreateExport(CommandRunner runner)
    {
        var shape = new Option<string>("--shape")
        {
            Description = "events (as recorded) or messages (as chats).",
            HelpName = "events|messages",
            DefaultValueFactory = _ => "events",
        };
        shape.AcceptOnlyFromAmong("events", "messages");
        var from = TimeOption.Create("--from", "Only events recorded at or after this time. UTC without an offset.");
        var to = TimeOption.Create("--to", "Only events recorded before this time. UTC without an offset.");
        var surface = new Option<string?>("--surface") { Description = "Only events of this surface.", HelpName = "name" };
        var type = new Option<string?>("--type") { Description = "Only events of this type.", HelpName = "type" };
        var after = new Option<long?>("--after")
        {
            Description = "Only events after this seq, to resume an interrupted export.",
            HelpName = "seq",
        };
        var proofs = new Option<bool>("--proofs") { Description = "Add to each line a proof that the signed log contains it." };
        var file = new Option<string?>("--out") { Description = "Write to this file; fails if the file exists.", HelpName = "file" };
        var command = new Command(
            "export",
            "Export events that may be used for training, oldest first. The last line counts what was left out and why. Admin.")
        {
            shape, from, to, surface, type, after, proofs, file,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            await using var export = await invocation.Connect().Client.OpenTrainingExportAsync(
                invocation.Get(shape)!, invocation.Get(from), invocation.Get(to), invocation.Get(surface), invocation.Get(type),
                invocation.Get(after), invocation.Get(proofs), cancellationToken);
            await Download.WriteAsync(export, invocation.Get(file), invocation.Terminal, cancellationToken);
        });
    }

    private static Command CreateShow(CommandRunner runner)
    {
        var user = new Option<string?>("--user") { Description = "User id of another person. Admin.", HelpName = "id" };
        var command = new Command("show", "Show the effective training preference of a person, and why it applies.") { user };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var preference = await invocation.Connect().Client.GetTrainingPreferencesAsync(invocation.Get(user), cancellationToken);
            invocation.Output.Write(preference, WireJson.Default.TrainingPreferences, screen => Show(screen, preference));
        });
    }

    private static Command CreateSet(CommandRunner runner, string name, bool optOut, string summary)
    {
        var tenant = new Option<bool>("--tenant-wide")
        {
            Description = "Set the preference of the tenant. It applies to everyone without a preference of their own. Admin.",
        };
        var command = new Command(name, summary) { tenant };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var client = invocation.Connect().Client;
            var preference = invocation.Get(tenant)
                ? await client.SetTenantPreferenceAsync(new TenantPreferenceRequest { OptOut = optOut }, cancellationToken)
                : await client.SetUserPreferenceAsync(
                    new UserPreferenceRequest { UserId = (await client.GetMeAsync(cancellationToken)).User.UserId, OptOut = optOut },
                    cancellationToken);
            invocation.Output.Write(preference, WireJson.Default.TrainingPreference, screen => screen.Write(Output.CreateDetails(
                ("scope", DescribeOwner(preference)),
                ("training", preference.OptOut ? "not allowed" : "allowed"),
                ("version", preference.Version.ToString(CultureInfo.InvariantCulture)))));
        });
    }

    private static void Show(IAnsiConsole screen, TrainingPreferences preferences)
    {
        screen.Write(Output.CreateDetails(
            ("tenant", $"{preferences.TenantId} ({preferences.Env})"),
            ("training", preferences.TrainOk ? "allowed unless personal data is found" : "not allowed")));
        var table = Output.CreateTable("scope", "training", "version", "updated", "by");
        foreach (var preference in preferences.Preferences)
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

    private static string DescribeOwner(TrainingPreference preference) => preference.UserId ?? $"tenant {preference.TenantId}";
}
