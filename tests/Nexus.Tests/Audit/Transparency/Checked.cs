using Microsoft.Extensions.DependencyInjection;
using Nexus.Merkle;
using Nexus.Server.Audit.Transparency;

namespace Nexus.Tests.Audit.Transparency;

/// <summary>Verifies checkpoints like a client that trusts only the served keys.</summary>
internal static class Checked
{
    /// <summary>Returns the log's current checkpoint after verifying its signature with the served keys.</summary>
    public static async Task<(Checkpoint Checkpoint, SignedNote Note)> CheckpointAsync(this Caller admin)
    {
        var reply = await admin.Get("/audit/checkpoint");
        reply.Status.ShouldBe(200, reply.Body);
        reply["Content-Type"].ShouldBe("text/plain; charset=utf-8");
        reply["Cache-Control"].ShouldBe("no-store");
        var note = SignedNote.Parse(reply.Body);
        return (Checkpoint.Open(note, await admin.KeysAsync()), note);
    }

    /// <summary>Returns the keys that the server serves.</summary>
    public static async Task<IReadOnlyList<LogKey>> KeysAsync(this Caller anybody)
    {
        var reply = await anybody.Get("/.well-known/log-keys.pem", ("Authorization", null), ("X-Tenant-Id", null), ("X-Env", null));
        reply.Status.ShouldBe(200, reply.Body);
        return LogKey.FromPem(reply.Body);
    }

    /// <summary>Returns whether the later log starts with the earlier one, verified with the server's proof.</summary>
    public static async Task<bool> IsConsistentAsync(this Caller admin, Checkpoint earlier, Checkpoint later)
    {
        if (earlier.Size == 0 || earlier.Size == later.Size)
        {
            return earlier.Size == 0 || earlier.Root.SequenceEqual(later.Root);
        }

        var answer = (await admin.Get($"/audit/proof/consistency?from={earlier.Size}&to={later.Size}")).Ok();
        return new ConsistencyProof(earlier.Size, later.Size, Hashes(answer.GetProperty("hashes"))).Verify(earlier.Root, later.Root);
    }

    public static byte[][] Hashes(System.Text.Json.JsonElement hashes) =>
        [.. hashes.EnumerateArray().Select(hash => hash.GetBytesFromBase64())];

    /// <summary>Returns the body of <c>/readyz</c>, which must respond with 200.</summary>
    public static async Task<string> ReadinessAsync(this NexusHost host)
    {
        using var client = host.Anonymous();
        return await client.GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
    }

    /// <summary>Runs the background publisher once.</summary>
    public static Task PublishAsync(this NexusHost host) =>
        host.Services.GetRequiredService<CheckpointPublisher>().PublishAllAsync(TestContext.Current.CancellationToken);
}
