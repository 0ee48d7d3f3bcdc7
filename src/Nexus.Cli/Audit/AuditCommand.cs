using System.CommandLine;
using Nexus.Cli.Audit.Verify;
using Nexus.Cli.Running;

namespace Nexus.Cli.Audit;

/// <summary><c>nexus audit …</c>: follow, take out and verify the log.</summary>
internal static class AuditCommand
{
    public static Command Create(CommandRunner verb) => new("audit", "Follow, export and verify the log of events.")
    {
        VerifyCommand.Create(verb),
        TailCommand.Create(verb),
        ExportCommand.Create(verb),
        CreateCheckpoint(verb),
        CreateKeys(verb),
        CreateProof(verb),
    };

    private static Command CreateCheckpoint(CommandRunner verb)
    {
        var file = CreateOutOption("Write it to this file, in the place of what is there.");
        var command = new Command("checkpoint", "Fetch the log's signed checkpoint, to be kept where the server's operator cannot write. Admin.") { file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var note = await invocation.Connect().Client.GetCheckpointAsync(cancellationToken);
            await WriteAsync(invocation, invocation.Get(file), note.ToString(), cancellationToken);
        });
    }

    private static Command CreateKeys(CommandRunner verb)
    {
        var file = CreateOutOption("Write them to this file, in the place of what is there.");
        var command = new Command("keys", "Fetch the public keys that the server says it signs with. Compare their ids with the operator by another way.") { file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
        {
            var keys = await invocation.Connect().Client.GetLogKeysAsync(cancellationToken);
            await WriteAsync(invocation, invocation.Get(file), string.Concat(keys.Select(key => $"# key {key.Id:x8}\n{Nexus.Merkle.LogKey.ToPem(key)}")), cancellationToken);
        });
    }

    private static Command CreateProof(CommandRunner verb)
    {
        var seq = new Argument<long>("seq") { Description = "The event's place in the log." };
        var file = CreateOutOption("Write it to this file, in the place of what is there; such files end in .tlog-proof.");
        var command = new Command("proof", "Fetch the proof that the log holds an event. Admin.") { seq, file };
        return verb.SetAction(command, async (invocation, cancellationToken) =>
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
