using System.CommandLine;
using System.Globalization;
using Nexus.Cli.Running;
using Nexus.Client;
using Spectre.Console;

namespace Nexus.Cli.Privacy;

/// <summary><c>nexus privacy …</c>: what may be trained on, and what is kept of a person.</summary>
internal static class PrivacyCommand
{
    public static Command Create(Verb verb) => new("privacy", "Say what may be trained on.")
    {
        CreateShow(verb),
        CreateSet(verb, "opt-out", optOut: true, "Forbid training on content by or about you."),
        CreateSet(verb, "opt-in", optOut: false, "Allow training on content by or about you, whatever the tenant says."),
    };

    private static Command CreateShow(Verb verb)
    {
        var user = new Option<string?>("--user") { Description = "Another person, for admins.", HelpName = "id" };
        var command = new Command("show", "Show what counts for a person now, and why.") { user };
        return verb.Does(command, async (invocation, cancellation) =>
        {
            var said = await invocation.Connect().Client.GetTrainingPreferencesAsync(invocation.Get(user), cancellation);
            invocation.Output.Write(said, WireJson.Default.TrainingPreferences, screen => Show(screen, said));
        });
    }

    private static Command CreateSet(Verb verb, string name, bool optOut, string summary)
    {
        var tenant = new Option<bool>("--tenant-wide") { Description = "Say it for the tenant: it counts for everybody who has not said otherwise. Needs an admin." };
        var command = new Command(name, summary) { tenant };
        return verb.Does(command, async (invocation, cancellation) =>
        {
            var client = invocation.Connect().Client;
            var said = invocation.Get(tenant)
                ? await client.SetTenantPreferenceAsync(new TenantPreferenceRequest { OptOut = optOut }, cancellation)
                : await client.SetUserPreferenceAsync(new UserPreferenceRequest { UserId = (await client.GetMeAsync(cancellation)).User.UserId, OptOut = optOut }, cancellation);
            invocation.Output.Write(said, WireJson.Default.TrainingPreference, screen => screen.Write(Output.Facts(
                ("whose", Whose(said)),
                ("training", said.OptOut ? "not allowed" : "allowed"),
                ("version", said.Version.ToString(CultureInfo.InvariantCulture)))));
        });
    }

    private static void Show(IAnsiConsole screen, TrainingPreferences said)
    {
        screen.Write(Output.Facts(("tenant", $"{said.TenantId} ({said.Env})"), ("training", said.TrainOk ? "allowed, where no personal data is found" : "not allowed")));
        var table = Output.Table("whose", "training", "version", "said", "by");
        foreach (var preference in said.Preferences)
        {
            table.AddRow(
                Output.Cell(Whose(preference)),
                Output.Cell(preference.OptOut ? "not allowed" : "allowed"),
                Output.Cell(preference.Version.ToString(CultureInfo.InvariantCulture)),
                Output.Cell(UtcTime.Format(preference.UpdatedAt)),
                Output.Cell(preference.UpdatedBy ?? ""));
        }

        screen.Write(table);
    }

    private static string Whose(TrainingPreference said) => said.UserId ?? $"tenant {said.TenantId}";
}
