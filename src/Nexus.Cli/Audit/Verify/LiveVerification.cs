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
    public static async Task<VerifyReport> RunAsync(Connection connection, Trusted trusted, Findings findings, string? save, CancellationToken cancellation)
    {
        var client = connection.Client;
        var keys = trusted.Keys;
        if (keys is null)
        {
            keys = await client.GetLogKeysAsync(cancellation);
            findings.Warn($"The keys ({string.Join(", ", keys.Select(key => key.Id.ToString("x8", System.Globalization.CultureInfo.InvariantCulture)))}) are the server's own word. Get them from somewhere else once, and give --keys.");
        }

        var note = await NoteAsync(client, findings, cancellation);
        var current = note is null ? null : Current(note, keys, connection, findings);
        var saved = trusted.Saved is { } kept ? findings.Open(kept, keys, "the checkpoint that was kept") : null;
        if (trusted.Saved is null)
        {
            findings.Warn("No checkpoint from before was given: the log agrees with itself today. Keep today's with --save, and give it with --checkpoint next time.");
        }

        if (current is not null && saved is not null)
        {
            await FollowAsync(client, saved, current, findings, cancellation);
        }

        await using var export = await client.OpenExportAsync(cancellation: cancellation);
        var checkpoints = new[] { saved, current }.OfType<Checkpoint>().Where(checkpoint => current is null || checkpoint.IsSameLog(current)).ToList();
        var exported = await FileVerification.ExportAsync(export, checkpoints, findings, cancellation);
        if (current is null)
        {
            findings.Asked(trusted, exported.Tenant, exported.Env);
        }

        var report = VerifyReport.Of("log", exported, findings);
        if (save is not null && note is not null && report.Holds)
        {
            await WholeFile.WriteAsync(save, note.ToString(), cancellation);
        }

        return report;
    }

    /// <summary>The server's checkpoint; null where it says itself that it cannot sign this log, which is a finding and no failure.</summary>
    private static async Task<SignedNote?> NoteAsync(NexusClient client, Findings findings, CancellationToken cancellation)
    {
        try
        {
            return await client.GetCheckpointAsync(cancellation);
        }
        catch (NexusApiException e) when (e.Code is "log.inconsistent" or "log.behind_signed")
        {
            findings.Broken(e.Code, $"The server does not sign this log: {e.Detail}");
            return null;
        }
    }

    private static Checkpoint? Current(SignedNote note, IReadOnlyList<LogKey> keys, Connection connection, Findings findings)
    {
        try
        {
            var current = findings.Open(note, keys, "the server's checkpoint");
            var env = Trusted.EnvOf(connection.Env)!;
            if (current is null || (connection.Tenant is { } tenant ? current.IsOf(tenant, env) : current.Origin.Split('/') is [.., var signed, _] && signed == env))
            {
                return current;
            }

            findings.Broken("checkpoint.foreign", $"The server answered with the checkpoint of {current.Origin}, which is not the log of {connection.Tenant ?? "any tenant"} in {env}.");
        }
        catch (FormatException e)
        {
            findings.Broken("checkpoint.malformed", $"The server's checkpoint: {e.Message}");
        }

        return null;
    }

    /// <summary>Whether the log still begins with what was signed before.</summary>
    private static async Task FollowAsync(NexusClient client, Checkpoint saved, Checkpoint current, Findings findings, CancellationToken cancellation)
    {
        if (!saved.IsSameLog(current))
        {
            findings.Broken("checkpoint.foreign", $"The checkpoint that was kept is of {saved.Origin}, the server's of {current.Origin}.");
            return;
        }

        if (saved.Origin != current.Origin)
        {
            findings.Warn($"The checkpoint that was kept is of {saved.Origin}, and the log is {current.Origin} now: its store was taken back to an earlier moment.");
        }

        if (current.Size < saved.Size)
        {
            findings.Broken("log.shrunk", $"The log has {current.Size} entries; when the checkpoint was kept it had {saved.Size}.", current.Size);
        }
        else if (saved.Size > 0 && !await IsConsistentAsync(client, saved, current, cancellation))
        {
            findings.Broken("log.rewritten", $"The log does not begin with the {saved.Size} entries that it had when the checkpoint was kept.");
        }
        else if (current.Size == saved.Size)
        {
            findings.Warn("The log has not grown since the checkpoint was kept. Each verification leaves an event: unless yours was kept without one, you are shown an old state.");
        }
    }

    private static async Task<bool> IsConsistentAsync(NexusClient client, Checkpoint saved, Checkpoint current, CancellationToken cancellation)
    {
        try
        {
            var hashes = (await client.GetConsistencyAsync(saved.Size, current.Size, cancellation)).Hashes;
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
