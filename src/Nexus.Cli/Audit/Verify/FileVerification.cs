using System.Buffers;
using System.IO.Pipelines;
using Nexus.Cli.Running;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>Verifies a file, an export or a proof, without a server.</summary>
internal static class FileVerification
{
    public static async Task<VerifyReport> RunAsync(string path, VerificationPolicy trusted, string? entry, Findings findings, CancellationToken cancellationToken)
    {
        // A pipe cannot be wound back: what was looked at is read again from where it is buffered.
        var pipe = PipeReader.Create(OpenFile(path), new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        await using var file = pipe.AsStream();
        var head = (await pipe.ReadAtLeastAsync(32, cancellationToken)).Buffer;
        var isProof = ProofFile.IsOne(head.Slice(0, Math.Min(head.Length, 32)).ToArray());
        pipe.AdvanceTo(head.Start);
        if (isProof)
        {
            return await ProofVerification.RunAsync(file, trusted, entry ?? throw CommandException.Usage("client.usage: A proof is of an event: give --entry with the export that holds it, or its line alone."), findings, cancellationToken);
        }

        if (entry is not null)
        {
            throw CommandException.Usage("client.usage: --entry is for a proof file.");
        }

        var saved = trusted.SavedCheckpoint is { } note ? findings.OpenCheckpoint(note, trusted.Keys, "the checkpoint") : null;
        if (trusted.SavedCheckpoint is null)
        {
            findings.AddWarning("No checkpoint was given: the events agree with one another, which whoever made the file could have arranged. Give --checkpoint.");
        }

        var export = await VerifyExportAsync(file, saved is null ? [] : [saved], findings, cancellationToken);
        findings.CheckExpectedLog(trusted, export.Tenant, export.Env);
        if (export.FirstSeq is > 0 and var first)
        {
            findings.AddWarning($"The export begins at {first}: what stood before is not in it, and no root can be computed of a part.");
        }

        if (export.LastType is not ("audit_exported" or "content_erased"))
        {
            findings.AddWarning("The export does not end with the event that each export leaves: it was made with an end (--to), or its end is missing.");
        }

        return VerifyReport.FromExport("export", export, findings);
    }

    /// <summary>Verifies an export, and tells of it what needs a person's judgement.</summary>
    public static async Task<ExportReport> VerifyExportAsync(Stream export, IReadOnlyList<Checkpoint> checkpoints, Findings findings, CancellationToken cancellationToken)
    {
        ExportReport report;
        try
        {
            report = await ExportVerifier.VerifyAsync(export, checkpoints, cancellationToken);
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"client.file: This is no export: {e.Message}"); // a line of many megabytes
        }

        foreach (var epoch in report.Epochs)
        {
            findings.AddWarning($"At {epoch.Seq} the log began a new epoch: its store had been taken back to an earlier moment.{(epoch.Before is { } before
                ? $" Before, {before.Size} entries had been signed; of those, {Math.Max(0, before.Size - epoch.Seq)} are no longer there."
                : "")}");
        }

        if (report.Unerased > 0)
        {
            findings.AddWarning($"Receipts list {report.Unerased} contents that are still there. Either they were erased while the export was made, or somebody means to take them out unseen: keep this export, it has them.");
        }

        if (report.Unsigned > 0)
        {
            findings.AddWarning($"{report.Unsigned} contents are missing by receipts that no signature stands for yet. Verify again with a newer checkpoint: the receipts must still be there.");
        }

        if (report.Held is [.., var newest] && report.Events > newest.Size)
        {
            findings.AddWarning($"The last {report.Events - newest.Size} events are newer than any checkpoint here: no signature stands for them yet.");
        }

        return report;
    }

    public static FileStream OpenFile(string path) => new(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}
