using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>The faults and warnings found by a verification.</summary>
internal sealed class Findings
{
    private readonly List<Fault> _faults = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public IReadOnlyList<string> Warnings => _warnings;

    public void AddFault(string code, string message, long? seq = null) => _faults.Add(new Fault(seq, code, message));

    /// <summary>Something was not checked, or a person must judge it.</summary>
    public void AddWarning(string message) => _warnings.Add(message);

    /// <summary>Adds a fault if the log is not the expected one.</summary>
    public void CheckExpectedLog(VerificationPolicy trusted, string? tenant, string? env)
    {
        if ((trusted.Tenant is not null && tenant is not null && trusted.Tenant != tenant)
            || (trusted.Env is not null && env is not null && trusted.Env != env))
        {
            AddFault(
                "log.other",
                $"Expected the log of {trusted.Tenant ?? "any tenant"} in {trusted.Env ?? "any env"}, got the log of {tenant} in {env}.");
        }
    }

    /// <summary>Parses a checkpoint and verifies its signature if keys are given. Returns null if the signature is invalid.</summary>
    /// <param name="note">A note whose text is a checkpoint.</param>
    /// <param name="keys">The trusted keys; null adds a warning.</param>
    /// <param name="name">A name for the checkpoint in messages.</param>
    public Checkpoint? OpenCheckpoint(SignedNote note, IReadOnlyList<LogKey>? keys, string name)
    {
        if (keys is null)
        {
            AddWarning($"No keys given: the signature of {name} was not verified. Pass --keys.");
            return Checkpoint.Parse(note.Text);
        }

        try
        {
            return Checkpoint.Open(note, keys);
        }
        catch (VerificationException e)
        {
            AddFault("checkpoint.signature", $"{name}: {e.Message}");
            return null;
        }
    }
}
