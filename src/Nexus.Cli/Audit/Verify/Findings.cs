using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>What comes to light while something is verified.</summary>
internal sealed class Findings
{
    private readonly List<Fault> _faults = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<Fault> Faults => _faults;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Something does not hold.</summary>
    public void AddFault(string code, string message, long? seq = null) => _faults.Add(new Fault(seq, code, message));

    /// <summary>Something was not checked, or needs a person's judgement.</summary>
    public void AddWarning(string message) => _warnings.Add(message);

    /// <summary>That it is not the log that was asked for, where it is another one.</summary>
    public void CheckExpectedLog(VerificationPolicy trusted, string? tenant, string? env)
    {
        if ((trusted.Tenant is not null && tenant is not null && trusted.Tenant != tenant) || (trusted.Env is not null && env is not null && trusted.Env != env))
        {
            AddFault("log.other", $"It is of the log of {tenant} in {env}; asked for was {trusted.Tenant ?? "any tenant"} in {trusted.Env ?? "any env"}.");
        }
    }

    /// <summary>The checkpoint of a note, its signature checked where there are keys; null where the signature is false.</summary>
    /// <param name="note">The note; its text is a checkpoint's.</param>
    /// <param name="keys">Who may have signed it; null warns.</param>
    /// <param name="whose">Which checkpoint it is, for people.</param>
    public Checkpoint? OpenCheckpoint(SignedNote note, IReadOnlyList<LogKey>? keys, string whose)
    {
        if (keys is null)
        {
            AddWarning($"No keys were given: nobody checked who signed {whose}. Give --keys.");
            return Checkpoint.Parse(note.Text);
        }

        try
        {
            return Checkpoint.Open(note, keys);
        }
        catch (VerificationException e)
        {
            AddFault("checkpoint.signature", $"{whose}: {e.Message}");
            return null;
        }
    }
}
