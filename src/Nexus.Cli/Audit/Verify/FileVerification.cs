using System.Buffers;
using System.IO.Pipelines;
using Nexus.Cli.Running;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>Verifies a file, an export or a proof, without a server.</summary>
internal static class FileVerification
{
    public static async Task<VerifyReport> RunAsync(string path, Trusted trusted, string? entry, Findings findings, CancellationToken cancellation)
    {
        // A pipe cannot be wound back: what was looked at is read again from where it is buffered.
        var pipe = PipeReader.Create(Open(path), new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        await using var file = pipe.AsStream();
        var head = (await pipe.ReadAtLeastAsync(32, cancellation)).Buffer;
        var isProof = ProofFile.IsOne(head.Slice(0, Math.Min(head.Length, 32)).ToArray());
        pipe.AdvanceTo(head.Start);
        if (isProof)
        {
            return await ProofVerification.RunAsync(file, trusted, entry ?? throw Failure.Usage("client.usage: A proof is of an event: give --entry with the export that holds it, or its line alone."), findings, cancellation);
        }

        if (entry is not null)
        {
            throw Failure.Usage("client.usage: --entry is for a proof file.");
        }

        var saved = trusted.Saved is { } note ? findings.Open(note, trusted.Keys, "the checkpoint") : null;
        if (trusted.Saved is null)
        {
            findings.Warn("No checkpoint was given: the events agree with one another, which whoever made the file could have arranged. Give --checkpoint.");
        }

        var export = await ExportAsync(file, saved is null ? [] : [saved], findings, cancellation);
        findings.Asked(trusted, export.Tenant, export.Env);
        if (export.FirstSeq is > 0 and var first)
        {
            findings.Warn($"The export begins at {first}: what stood before is not in it, and no root can be computed of a part.");
        }

        if (export.LastType is not ("audit_exported" or "content_erased"))
        {
            findings.Warn("The export does not end with the event that each export leaves: it was made with an end (--to), or its end is missing.");
        }

        return VerifyReport.Of("export", export, findings);
    }

    /// <summary>Verifies an export, and tells of it what needs a person's judgement.</summary>
    public static async Task<ExportReport> ExportAsync(Stream export, IReadOnlyList<Checkpoint> checkpoints, Findings findings, CancellationToken cancellation)
    {
        ExportReport report;
        try
        {
            report = await ExportVerifier.VerifyAsync(export, checkpoints, cancellation);
        }
        catch (FormatException e)
        {
            throw Failure.Usage($"client.file: This is no export: {e.Message}"); // a line of many megabytes
        }

        foreach (var epoch in report.Epochs)
        {
            findings.Warn($"At {epoch.Seq} the log began a new epoch: its store had been taken back to an earlier moment.{(epoch.Before is { } before
                ? $" Before, {before.Size} entries had been signed; of those, {Math.Max(0, before.Size - epoch.Seq)} are no longer there."
                : "")}");
        }

        if (report.Unerased > 0)
        {
            findings.Warn($"Receipts list {report.Unerased} contents that are still there. Either they were erased while the export was made, or somebody means to take them out unseen: keep this export, it has them.");
        }

        if (report.Unsigned > 0)
        {
            findings.Warn($"{report.Unsigned} contents are missing by receipts that no signature stands for yet. Verify again with a newer checkpoint: the receipts must still be there.");
        }

        if (report.Held is [.., var newest] && report.Events > newest.Size)
        {
            findings.Warn($"The last {report.Events - newest.Size} events are newer than any checkpoint here: no signature stands for them yet.");
        }

        return report;
    }

    public static FileStream Open(string path) => new(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
}
