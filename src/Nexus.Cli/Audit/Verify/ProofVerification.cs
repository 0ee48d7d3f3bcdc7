using Nexus.Cli.CommandLine;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>Verifies a proof file together with its event.</summary>
internal static class ProofVerification
{
    public static async Task<VerifyReport> RunAsync(
        Stream file, VerificationPolicy trusted, string entry, Findings findings, CancellationToken cancellationToken)
    {
        var proof = await ParseAsync(file, findings, cancellationToken);
        var checkpoint = proof is null ? null : findings.OpenCheckpoint(proof.SignedCheckpoint, trusted.Keys, "the proof's checkpoint");
        var line = proof is null ? null : await FindEntryAsync(entry, proof.Proof.Index, cancellationToken);
        if (checkpoint is not null && line is not null)
        {
            VerifyEntry(proof!, checkpoint, line, trusted, findings);
            CompareWithSaved(checkpoint, trusted, findings);
        }

        return new VerifyReport
        {
            What = "proof",
            Tenant = checkpoint?.Origin.Split('/') is [.., var tenant, _, _] ? tenant : null,
            Env = checkpoint?.Origin.Split('/') is [.., var env, _] ? env : null,
            FirstSeq = proof?.Proof.Index,
            Events = 1,
            Erased = line is { Content: null } ? 1 : 0,
            HeldAgainst = checkpoint is not null && findings.Faults.Count == 0 ? [MatchedCheckpoint.FromCheckpoint(checkpoint)] : [],
            Faults = findings.Faults,
            FaultCount = findings.Faults.Count,
            Warnings = findings.Warnings,
        };
    }

    private static async Task<ProofFile?> ParseAsync(Stream file, Findings findings, CancellationToken cancellationToken)
    {
        var text = new byte[(SignedNote.MaxSize * 2) + 1];
        var length = await file.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == text.Length)
        {
            findings.AddFault("proof.malformed", "The file is larger than any valid proof.");
            return null;
        }

        try
        {
            return ProofFile.Parse(text.AsSpan(0, length));
        }
        catch (FormatException e)
        {
            findings.AddFault("proof.malformed", e.Message);
            return null;
        }
    }

    /// <summary>Returns the line of an export with the given seq.</summary>
    private static async Task<ExportLine> FindEntryAsync(string path, long seq, CancellationToken cancellationToken)
    {
        await using var export = FilePath.OpenRead(path);
        try
        {
            await foreach (var line in ExportLine.ReadAsync(export, cancellationToken))
            {
                if (line.Place() == seq)
                {
                    return line;
                }
            }
        }
        catch (FormatException e)
        {
            throw CommandException.Usage($"client.file: '{Terminal.Sanitize(path)}' is not an export: {e.Message}");
        }

        throw CommandException.Usage($"client.file: '{Terminal.Sanitize(path)}' does not contain event {seq}, which the proof is for.");
    }

    private static void VerifyEntry(ProofFile proof, Checkpoint checkpoint, ExportLine line, VerificationPolicy trusted, Findings findings)
    {
        var seq = proof.Proof.Index;
        if (!proof.Proof.Verify(TreeHash.Leaf(line.Entry), checkpoint.Root))
        {
            findings.AddFault("proof.refuted", "The log of the checkpoint does not contain this entry at this position.", seq);
        }

        try
        {
            var (tenant, env) = line.Log();
            findings.CheckExpectedLog(trusted, tenant, env);
            if (!checkpoint.IsOf(tenant, env))
            {
                findings.AddFault(
                    "checkpoint.foreign",
                    $"The proof's checkpoint is from {checkpoint.Origin}, but the event is from {tenant} in {env}.",
                    seq);
            }

            if (line.Check() is { } fault)
            {
                findings.AddFault(fault.Code, fault.Message, seq);
            }
        }
        catch (FormatException e)
        {
            findings.AddFault("content.malformed", e.Message, seq);
        }

        if (line.Content is null)
        {
            findings.AddWarning(
                "The event's content is erased: the proof covers only its entry. Only a full export can show whether an erasure "
                + "receipt lists it.");
        }
    }

    private static void CompareWithSaved(Checkpoint checkpoint, VerificationPolicy trusted, Findings findings)
    {
        if (trusted.SavedCheckpoint is not { } note || findings.OpenCheckpoint(note, trusted.Keys, "the given checkpoint") is not { } saved)
        {
            return;
        }

        if (!saved.IsSameLog(checkpoint))
        {
            findings.AddFault("checkpoint.foreign", $"The given checkpoint is from {saved.Origin}, the proof's from {checkpoint.Origin}.");
        }
        else if (saved.Size != checkpoint.Size)
        {
            findings.AddWarning(
                $"The given checkpoint covers {saved.Size} entries and the proof's {checkpoint.Size}: only the log or an export "
                + "can show whether they are consistent.");
        }
        else if (saved != checkpoint)
        {
            findings.AddFault(
                "checkpoint.forked",
                "Two different checkpoints have the same size: the server has shown different logs to different people.");
        }
    }
}
