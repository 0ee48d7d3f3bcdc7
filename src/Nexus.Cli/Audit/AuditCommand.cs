using System.CommandLine;
using Nexus.Cli.Audit.Verify;
using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit …</c>: follow, export and verify the event log.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandRunner runner) => new("audit", "Follow, export and verify the event log.")
    {
        VerifyCommand.Create(runner),
        TailCommand.Create(runner),
        ExportCommand.Create(runner),
        CreateCheckpoint(runner),
        CreateKeys(runner),
        CreateProof(runner),
    };

    private static Command CreateCheckpoint(CommandRunner runner)
    {
        var file = CreateOutOption("Write it to this file, replacing it if it exists.");
        var command = new Command(
            "checkpoint",
            "Fetch the log's signed checkpoint. Keep it where the server's operator cannot write. Admin.")
        {
            file,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var note = await invocation.Connect().Client.GetCheckpointAsync(cancellationToken);
            await WriteAsync(invocation, invocation.Get(file), note.ToString(), cancellationToken);
        });
    }

    private static Command CreateKeys(CommandRunner runner)
    {
        var file = CreateOutOption("Write them to this file, replacing it if it exists.");
        var command = new Command(
            "keys",
            "Fetch the public keys that the server claims to sign with. Compare their ids with the operator over another channel.")
        {
            file,
        };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var keys = await invocation.Connect().Client.GetLogKeysAsync(cancellationToken);
            var pem = string.Concat(keys.Select(key => $"# key {key.Id:x8}\n{Nexus.Merkle.LogKey.ToPem(key)}"));
            await WriteAsync(invocation, invocation.Get(file), pem, cancellationToken);
        });
    }

    private static Command CreateProof(CommandRunner runner)
    {
        var seq = new Argument<long>("seq") { Description = "Position of the event in the log." };
        var file = CreateOutOption("Write it to this file, replacing it if it exists. Conventional extension: .tlog-proof.");
        var command = new Command("proof", "Fetch the proof that the log contains an event. Admin.") { seq, file };
        return runner.SetAction(command, async (invocation, cancellationToken) =>
        {
            var proof = await ProofDownloader.FetchAsync(invocation.Connect().Client, invocation.Get(seq), cancellationToken);
            await WriteAsync(invocation, invocation.Get(file), proof.ToString(), cancellationToken);
        });
    }

    private static Option<string?> CreateOutOption(string description) => new("--out") { Description = description, HelpName = "file" };

    private static async Task WriteAsync(Invocation invocation, string? file, string text, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            invocation.Output.WriteText(text);
        }
        else
        {
            await AtomicFile.WriteAsync(file, text, cancellationToken);
        }
    }
}
