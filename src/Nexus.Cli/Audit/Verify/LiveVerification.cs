using Nexus.Cli.CommandLine;
using Nexus.Cli.Connections;
using Nexus.Client;
using Nexus.Merkle;

namespace Nexus.Cli.Audit.Verify;

/// <summary>
/// Verifies the log of a running server: its checkpoint is signed, is consistent with the saved one, and matches the exported
/// events. The checkpoint is fetched first, so that the export contains everything it covers.
/// </summary>
internal static class LiveVerification
{
    public static async Task<VerifyReport> RunAsync(
        Connection connection, VerificationPolicy trusted, Findings findings, string? save, CancellationToken cancellationToken)
    {
        var client = connection.Client;
        var keys = trusted.Keys;
        if (keys is null)
        {
            keys = await client.GetLogKeysAsync(cancellationToken);
            findings.AddWarning(
                "The keys "
                + $"({string.Join(", ", keys.Select(key => key.Id.ToString("x8", System.Globalization.CultureInfo.InvariantCulture)))}) "
                + "come from the server itself. Get them once from another source and pass --keys.");
        }

        var note = await FetchCheckpointAsync(client, findings, cancellationToken);
        var current = note is null ? null : OpenCurrentCheckpoint(note, keys, connection, findings);
        var saved = trusted.SavedCheckpoint is { } kept ? findings.OpenCheckpoint(kept, keys, "the saved checkpoint") : null;
        if (trusted.SavedCheckpoint is null)
        {
            findings.AddWarning(
                "No saved checkpoint given: the log is only consistent with itself. Save today's checkpoint with --save and pass "
                + "it with --checkpoint next time.");
        }

        if (current is not null && saved is not null)
        {
            await CheckConsistencyAsync(client, saved, current, findings, cancellationToken);
        }

        await using var export = await client.OpenExportAsync(cancellationToken: cancellationToken);
        var checkpoints = new[] { saved, current }.OfType<Checkpoint>()
            .Where(checkpoint => current is null || checkpoint.IsSameLog(current)).ToList();
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

    /// <summary>Fetches the server's checkpoint. Returns null with a fault if the server itself refuses to sign this log.</summary>
    private static async Task<SignedNote?> FetchCheckpointAsync(NexusClient client, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetCheckpointAsync(cancellationToken);
        }
        catch (NexusApiException e) when (e.Code is "log.inconsistent" or "log.behind_signed")
        {
            findings.AddFault(e.Code, $"The server refuses to sign this log: {e.Detail}");
            return null;
        }
    }

    private static Checkpoint? OpenCurrentCheckpoint(SignedNote note, IReadOnlyList<LogKey> keys, Connection connection, Findings findings)
    {
        try
        {
            var current = findings.OpenCheckpoint(note, keys, "the server's checkpoint");
            var env = VerificationPolicy.NormalizeEnv(connection.Env)!;
            var isExpected = current is null || (connection.Tenant is { } tenant
                ? current.IsOf(tenant, env)
                : current.Origin.Split('/') is [.., var signed, _] && signed == env);
            if (current is null || isExpected)
            {
                return current;
            }

            findings.AddFault(
                "checkpoint.foreign",
                $"The server returned the checkpoint of {current.Origin}. "
                + $"Expected the log of {connection.Tenant ?? "any tenant"} in {env}.");
        }
        catch (FormatException e)
        {
            findings.AddFault("checkpoint.malformed", $"The server's checkpoint is malformed: {e.Message}");
        }

        return null;
    }

    /// <summary>Whether the log still begins with the entries of the saved checkpoint.</summary>
    private static async Task CheckConsistencyAsync(
        NexusClient client, Checkpoint saved, Checkpoint current, Findings findings, CancellationToken cancellationToken)
    {
        if (!saved.IsSameLog(current))
        {
            findings.AddFault("checkpoint.foreign", $"The saved checkpoint is from {saved.Origin}, the server's from {current.Origin}.");
            return;
        }

        if (saved.Origin != current.Origin)
        {
            findings.AddWarning(
                $"The saved checkpoint is from {saved.Origin}, but the log is now {current.Origin}: the database was restored to "
                + "an earlier state.");
        }

        if (current.Size < saved.Size)
        {
            findings.AddFault(
                "log.shrunk", $"The log has {current.Size} entries, but the saved checkpoint covers {saved.Size}.", current.Size);
        }
        else if (saved.Size > 0 && !await IsConsistentAsync(client, saved, current, cancellationToken))
        {
            findings.AddFault("log.rewritten", $"The log does not begin with the {saved.Size} entries of the saved checkpoint.");
        }
        else if (current.Size == saved.Size)
        {
            findings.AddWarning(
                "The log has not grown since the checkpoint was saved. Each verification records an event: unless the checkpoint "
                + "was saved without one, the server is showing an old state.");
        }
    }

    private static async Task<bool> IsConsistentAsync(
        NexusClient client, Checkpoint saved, Checkpoint current, CancellationToken cancellationToken)
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
            return false; // A missing proof counts as a failed one.
        }
    }
}
