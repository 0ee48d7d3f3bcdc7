using System.CommandLine;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;

namespace Nexus.Cli.Audit.Verify;

/// <summary><c>nexus audit verify</c>: verifies an export, a proof file or the log of a running server against its signatures.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandRunner runner)
    {
        var what = new Argument<string?>("file-or-url")
        {
            Description = "An export (NDJSON), a proof file, or the URL of a server. Default: the server you are signed in to.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "A checkpoint that you saved earlier. The log must be consistent with it.",
            HelpName = "file",
        };
        var keys = new Option<string?>("--keys")
        {
            Description = "The log's public keys (PEM), from a source other than the server.",
            HelpName = "file",
        };
        var entry = new Option<string?>("--entry")
        {
            Description = "For a proof file: the export that contains the event, or its line alone.",
            HelpName = "file",
        };
        var save = new Option<string?>("--save")
        {
            Description = "For a running server: save its checkpoint to this file if verification succeeds, replacing the file.",
            HelpName = "file",
        };
        var json = new Option<bool>("--json") { Description = "Print the report as JSON, like --output json." };
        var command = new Command("verify", "Verify a log without trusting its server. Exit code 6: verification failed.")
        {
            what, checkpoint, keys, entry, save, json,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var subject = invocation.GetOptional(what);
            var isLive = subject is null || subject.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
                || subject.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
            if (!isLive && invocation.Get(save) is not null)
            {
                throw CommandException.Usage(
                    "client.usage: --save applies only to a running server: a file contains no checkpoint of its own.");
            }

            if (isLive && invocation.Get(entry) is not null)
            {
                throw CommandException.Usage("client.usage: --entry applies only to proof files.");
            }

            if (invocation.Get(checkpoint) is null && invocation.Get(save) is { } kept && File.Exists(kept))
            {
                throw CommandException.Usage(
                    $"client.usage: '{Terminal.Sanitize(kept)}' exists and may be the checkpoint to verify against. Pass it with "
                    + "--checkpoint, or choose another file for --save.");
            }

            var findings = new Findings();
            var trusted = new VerificationPolicy
            {
                Tenant = invocation.Tenant,
                Env = VerificationPolicy.NormalizeEnv(invocation.Env),
                Keys = invocation.Get(keys) is { } pem ? await VerificationPolicy.ReadKeysAsync(pem, cancellationToken) : null,
                SavedCheckpoint = invocation.Get(checkpoint) is { } note
                    ? await VerificationPolicy.ReadCheckpointAsync(note, cancellationToken)
                    : null,
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
