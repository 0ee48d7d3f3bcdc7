using Nexus.Cli.SignIn;
using Nexus.Client;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>
/// Verifies the log of a live service: its checkpoint is signed, follows from the one that was kept, and is the one of the events that it
/// exports. The checkpoint is fetched first, so that the export holds all that it covers.
/// </summary>
internal static class LiveVerification
{
    public static async Task<VerifyReport> RunAsync(Connection connection, VerificationPolicy trusted, Findings findings, string? save, CancellationToken cancellationToken)
    {
        var client = connection.Client;
        var keys = trusted.Keys;
        if (keys is null)
        {
            keys = await client.GetLogKeysAsync(cancellationToken);
            findings.AddWarning($"The keys ({string.Join(", ", keys.Select(key => key.Id.ToString("x8", System.Globalization.CultureInfo.InvariantCulture)))}) are the server's own word. Get them from somewhere else once, and give --keys.");
        }

        var note = await FetchCheckpointAsync(client, findings, cancellationToken);
        var current = note is null ? null : OpenCurrentCheckpoint(note, keys, connection, findings);
        var saved = trusted.SavedCheckpoint is { } kept ? findings.OpenCheckpoint(kept, keys, "the checkpoint that was kept") : null;
        if (trusted.SavedCheckpoint is null)
        {
            findings.AddWarning("No checkpoint from before was given: the log agrees with itself today. Keep today's with --save, and give it with --checkpoint next time.");
        }

        if (current is not null && saved is not null)
        {
            await CheckConsistencyAsync(client, saved, current, findings, cancellationToken);
        }

        await using var export = await client.OpenExportAsync(cancellationToken: cancellationToken);
        var checkpoints = new[] { saved, current }.OfType<Checkpoint>().Where(checkpoint => current is null || checkpoint.IsSameLog(current)).ToList();
        var exported = await FileVerification.VerifyExportAsync(export, checkpoints, findings, cancellationToken);
        if (current is null)
        {
            findings.CheckExpectedLog(trusted, exported.Tenant, exported.Env);
        }

        var report = VerifyReport.FromExport("log", exported, findings);
        if (save is not null && note is not null && report.Holds)
        {
            await AtomicFile.WriteAsync(save, note.ToString(), cancellationToken);
        }

        return report;
    }

    /// <summary>The server's checkpoint; null where it says itself that it cannot sign this log, which is a finding and no failure.</summary>
    private static async Task<SignedNote?> FetchCheckpointAsync(NexusClient client, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetCheckpointAsync(cancellationToken);
        }
        catch (NexusApiException e) when (e.Code is "log.inconsistent" or "log.behind_signed")
        {
            findings.AddFault(e.Code, $"The server does not sign this log: {e.Detail}");
            return null;
        }
    }

    private static Checkpoint? OpenCurrentCheckpoint(SignedNote note, IReadOnlyList<LogKey> keys, Connection connection, Findings findings)
    {
        try
        {
            var current = findings.OpenCheckpoint(note, keys, "the server's checkpoint");
            var env = VerificationPolicy.NormalizeEnv(connection.Env)!;
            if (current is null || (connection.Tenant is { } tenant ? current.IsOf(tenant, env) : current.Origin.Split('/') is [.., var signed, _] && signed == env))
            {
                return current;
            }

            findings.AddFault("checkpoint.foreign", $"The server answered with the checkpoint of {current.Origin}, which is not the log of {connection.Tenant ?? "any tenant"} in {env}.");
        }
        catch (FormatException e)
        {
            findings.AddFault("checkpoint.malformed", $"The server's checkpoint: {e.Message}");
        }

        return null;
    }

    /// <summary>Whether the log still begins with what was signed before.</summary>
    private static async Task CheckConsistencyAsync(NexusClient client, Checkpoint saved, Checkpoint current, Findings findings, CancellationToken cancellationToken)
    {
        if (!saved.IsSameLog(current))
        {
            findings.AddFault("checkpoint.foreign", $"The checkpoint that was kept is of {saved.Origin}, the server's of {current.Origin}.");
            return;
        }

        if (saved.Origin != current.Origin)
        {
            findings.AddWarning($"The checkpoint that was kept is of {saved.Origin}, and the log is {current.Origin} now: its store was taken back to an earlier moment.");
        }

        if (current.Size < saved.Size)
        {
            findings.AddFault("log.shrunk", $"The log has {current.Size} entries; when the checkpoint was kept it had {saved.Size}.", current.Size);
        }
        else if (saved.Size > 0 && !await IsConsistentAsync(client, saved, current, cancellationToken))
        {
            findings.AddFault("log.rewritten", $"The log does not begin with the {saved.Size} entries that it had when the checkpoint was kept.");
        }
        else if (current.Size == saved.Size)
        {
            findings.AddWarning("The log has not grown since the checkpoint was kept. Each verification leaves an event: unless yours was kept without one, you are shown an old state.");
        }
    }

    private static async Task<bool> IsConsistentAsync(NexusClient client, Checkpoint saved, Checkpoint current, CancellationToken cancellationToken)
    {
        try
        {
            var hashes = (await client.GetConsistencyAsync(saved.Size, current.Size, cancellationToken)).Hashes;
            return new ConsistencyProof(saved.Size, current.Size, hashes).Verify(saved.Root, current.Root);
        }
        catch (FormatException)
        {
            return false;
        }
        catch (NexusApiException e) when (e.Status is 400 or 404)
        {
            return false; // A log that cannot prove what it signed is no better than one that disproves it.
        }
    }
}
