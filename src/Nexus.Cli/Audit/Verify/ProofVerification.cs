using Nexus.Cli.Running;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>Verifies a proof file with the event that it is of.</summary>
internal static class ProofVerification
{
    public static async Task<VerifyReport> RunAsync(Stream file, Trusted trusted, string entry, Findings findings, CancellationToken cancellation)
    {
        var proof = await ParseAsync(file, findings, cancellation);
        var checkpoint = proof is null ? null : findings.Open(proof.SignedCheckpoint, trusted.Keys, "the proof's checkpoint");
        var line = proof is null ? null : await FindAsync(entry, proof.Proof.Index, cancellation);
        if (checkpoint is not null && line is not null)
        {
            Check(proof!, checkpoint, line, trusted, findings);
            Compare(checkpoint, trusted, findings);
        }

        return new VerifyReport
        {
            What = "proof",
            Tenant = checkpoint?.Origin.Split('/') is [.., var tenant, _, _] ? tenant : null,
            Env = checkpoint?.Origin.Split('/') is [.., var env, _] ? env : null,
            FirstSeq = proof?.Proof.Index,
            Events = 1,
            Erased = line is { Content: null } ? 1 : 0,
            HeldAgainst = checkpoint is not null && findings.Faults.Count == 0 ? [HeldCheckpoint.Of(checkpoint)] : [],
            Faults = findings.Faults,
            FaultCount = findings.Faults.Count,
            Warnings = findings.Warnings,
        };
    }

    private static async Task<ProofFile?> ParseAsync(Stream file, Findings findings, CancellationToken cancellation)
    {
        var text = new byte[(SignedNote.MaxSize * 2) + 1];
        var length = await file.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellation);
        if (length == text.Length)
        {
            findings.Broken("proof.malformed", "The file is larger than any proof.");
            return null;
        }

        try
        {
            return ProofFile.Parse(text.AsSpan(0, length));
        }
        catch (FormatException e)
        {
            findings.Broken("proof.malformed", e.Message);
            return null;
        }
    }

    /// <summary>The line of an export that says it has a place.</summary>
    private static async Task<ExportLine> FindAsync(string path, long seq, CancellationToken cancellation)
    {
        await using var export = FileVerification.Open(path);
        try
        {
            await foreach (var line in ExportLine.ReadAsync(export, cancellation))
            {
                if (line.Place() == seq)
                {
                    return line;
                }
            }
        }
        catch (FormatException e)
        {
            throw Failure.Usage($"client.file: '{Terminal.Harmless(path)}' is no export: {e.Message}");
        }

        throw Failure.Usage($"client.file: '{Terminal.Harmless(path)}' does not hold event {seq}, which the proof is of.");
    }

    private static void Check(ProofFile proof, Checkpoint checkpoint, ExportLine line, Trusted trusted, Findings findings)
    {
        var seq = proof.Proof.Index;
        if (!proof.Proof.Verify(TreeHash.Leaf(line.Entry), checkpoint.Root))
        {
            findings.Broken("proof.refuted", "The checkpoint's log did not hold this entry at this place.", seq);
        }

        try
        {
            var (tenant, env) = line.Log();
            findings.Asked(trusted, tenant, env);
            if (!checkpoint.IsOf(tenant, env))
            {
                findings.Broken("checkpoint.foreign", $"The proof's checkpoint is of {checkpoint.Origin}, the event of {tenant} in {env}.", seq);
            }

            if (line.Check() is { } fault)
            {
                findings.Broken(fault.Code, fault.Message, seq);
            }
        }
        catch (FormatException e)
        {
            findings.Broken("content.malformed", e.Message, seq);
        }

        if (line.Content is null)
        {
            findings.Warn("The event's content is erased: the proof is of its entry alone. Whether a receipt lists it, only a whole export shows.");
        }
    }

    private static void Compare(Checkpoint checkpoint, Trusted trusted, Findings findings)
    {
        if (trusted.Saved is not { } note || findings.Open(note, trusted.Keys, "the checkpoint") is not { } saved)
        {
            return;
        }

        if (!saved.IsSameLog(checkpoint))
        {
            findings.Broken("checkpoint.foreign", $"The checkpoint that was given is of {saved.Origin}, the proof's of {checkpoint.Origin}.");
        }
        else if (saved.Size != checkpoint.Size)
        {
            findings.Warn($"The checkpoint that was given has {saved.Size} entries and the proof's {checkpoint.Size}: whether one follows from the other, only the log or an export shows.");
        }
        else if (saved != checkpoint)
        {
            findings.Broken("checkpoint.forked", "Of one size there are two checkpoints that differ: the log was shown differently to different people.");
        }
    }
}
