using System.Buffers;
using System.IO.Pipelines;
using Nexus.Cli.CommandLine;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>Verifies an export or a proof file without a server.</summary>
internal static class FileVerification
{
    public static async Task<VerifyReport> RunAsync(
        string path, VerificationPolicy trusted, string? entry, Findings findings, CancellationToken cancellationToken)
    {
        // A pipe cannot seek: the bytes that were inspected are read again from the buffer.
        var pipe = PipeReader.Create(FilePath.OpenRead(path), new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        await using var file = pipe.AsStream();
        var head = (await pipe.ReadAtLeastAsync(32, cancellationToken)).Buffer;
        var isProof = ProofFile.IsOne(head.Slice(0, Math.Min(head.Length, 32)).ToArray());
        pipe.AdvanceTo(head.Start);
        if (isProof)
        {
            return await ProofVerification.RunAsync(file, trusted, entry ?? throw CommandException.Usage(
                "client.usage: A proof file needs the event it proves. Pass --entry with the export that contains it, or with "
                + "its line alone."), findings, cancellationToken);
        }

        if (entry is not null)
        {
            throw CommandException.Usage("client.usage: --entry applies only to proof files.");
        }

        var saved = trusted.SavedCheckpoint is { } note ? findings.OpenCheckpoint(note, trusted.Keys, "the given checkpoint") : null;
        if (trusted.SavedCheckpoint is null)
        {
            findings.AddWarning(
                "No checkpoint given: the events are consistent with each other, but the author of the file could have arranged "
                + "that. Pass --checkpoint.");
        }

        var export = await VerifyExportAsync(file, saved is null ? [] : [saved], findings, cancellationToken);
        findings.CheckExpectedLog(trusted, export.Tenant, export.Env);
        if (export.FirstSeq is > 0 and var first)
        {
            findings.AddWarning($"The export begins at event {first}: earlier events are missing, so no root can be computed.");
        }

        if (export.LastType is not ("audit_exported" or "content_erased"))
        {
            findings.AddWarning(
                "The export does not end with the event that every export records: it was made with --to, or it is truncated.");
        }

        return VerifyReport.FromExport("export", export, findings);
    }

    /// <summary>Verifies an export and adds warnings about what a person must judge.</summary>
    public static async Task<ExportReport> VerifyExportAsync(
        Stream export, IReadOnlyList<Checkpoint> checkpoints, Findings findings, CancellationToken cancellationToken)
    {
        ExportReport report;
        try
        {
            report = await ExportVerifier.VerifyAsync(export, checkpoints, cancellationToken);
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"client.file: Not an export: {e.Message}"); // For example a line of many megabytes.
        }

        foreach (var epoch in report.Epochs)
        {
            findings.AddWarning(
                $"The log began a new epoch at event {epoch.Seq}: the database was restored to an earlier state.{(epoch.Before is { } before
                ? $" {before.Size} entries had been signed before; {Math.Max(0, before.Size - epoch.Seq)} of them are gone."
                : "")}");
        }

        if (report.Unerased > 0)
        {
            findings.AddWarning(
                $"Erasure receipts list {report.Unerased} contents that are still present. They were erased during the export, or "
                + "someone plans to remove them unnoticed: keep this export, it contains them.");
        }

        if (report.Unsigned > 0)
        {
            findings.AddWarning(
                $"{report.Unsigned} contents are missing by erasure receipts that no signed checkpoint covers yet. Verify again "
                + "with a newer checkpoint: the receipts must still be there.");
        }

        if (report.Held is [.., var newest] && report.Events > newest.Size)
        {
            findings.AddWarning(
                $"The last {report.Events - newest.Size} events are newer than every given checkpoint: no signature covers them "
                + "yet.");
        }

        return report;
    }
}
