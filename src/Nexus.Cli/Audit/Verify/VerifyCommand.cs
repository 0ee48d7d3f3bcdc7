using System.CommandLine;
using Nexus.Cli.Running;

namespace Nexus.Cli.Audit.Verify;

/// <summary><c>nexus audit verify</c>: whether an export, a proof file or a live log is what was signed.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandRunner verb)
    {
        var what = new Argument<string?>("file or url")
        {
            Description = "An export (NDJSON), a proof file, or the address of a service; without it, the service you are signed in to.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var checkpoint = new Option<string?>("--checkpoint") { Description = "A checkpoint that you kept: the log must begin with the one it was signed for.", HelpName = "file" };
        var keys = new Option<string?>("--keys") { Description = "The log's public keys (PEM), from somewhere else than the server.", HelpName = "file" };
        var entry = new Option<string?>("--entry") { Description = "For a proof file: the export that holds the event, or its line alone.", HelpName = "file" };
        var save = new Option<string?>("--save") { Description = "For a live log that holds: keep its checkpoint in this file, in the place of what is there.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Write the report as JSON, as --output json does." };
        var command = new Command("verify", "Check a log without trusting its server. Exit code 6: something does not hold.") { what, checkpoint, keys, entry, save, json };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var subject = invocation.GetOptional(what);
            var isLive = subject is null || subject.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || subject.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
            if (!isLive && invocation.Get(save) is not null)
            {
                throw CommandException.Usage("client.usage: --save is for a live log; a file brings no checkpoint of its own.");
            }

            if (isLive && invocation.Get(entry) is not null)
            {
                throw CommandException.Usage("client.usage: --entry is for a proof file.");
            }

            if (invocation.Get(checkpoint) is null && invocation.Get(save) is { } kept && File.Exists(kept))
            {
                throw CommandException.Usage($"client.usage: '{Terminal.Sanitize(kept)}' is there already, and may be what the log should be held against: give it with --checkpoint, or --save to another file.");
            }

            var findings = new Findings();
            var trusted = new VerificationPolicy
            {
                Tenant = invocation.Tenant,
                Env = VerificationPolicy.NormalizeEnv(invocation.Env),
                Keys = invocation.Get(keys) is { } pem ? await VerificationPolicy.ReadKeysAsync(pem, cancellationToken) : null,
                SavedCheckpoint = invocation.Get(checkpoint) is { } note ? await VerificationPolicy.ReadCheckpointAsync(note, cancellationToken) : null,
            };
            var report = isLive
                ? await LiveVerification.RunAsync(invocation.Connect(subject), trusted, findings, invocation.Get(save), cancellationToken)
                : await FileVerification.RunAsync(subject!, trusted, invocation.Get(entry), findings, cancellationToken);
            foreach (var warning in report.Warnings)
            {
                await invocation.Terminal.Error.WriteLineAsync($"nexus: warning: {Terminal.Sanitize(warning).ReplaceLineEndings(" ")}");
            }

            var output = invocation.Get(json) ? new Output(invocation.Terminal, json: true) : invocation.Output;
            output.Write(report, VerifyReportJson.Default.VerifyReport, screen => VerifyTable.Write(screen, report));
            return report.Holds ? ExitCode.Ok : ExitCode.VerificationFailed;
        });
    }
}
